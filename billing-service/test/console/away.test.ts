import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { UnavailableError } from '../../src/domain/ports/unavailable-error.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';
import { Operator } from './operator.js';

t.setTimeout(120_000);

t.test(
  'where the database is away a page says so, in the reader’s language, and when to ask again',
  async (t) => {
    const { app, services } = await testApp(t);
    const operator = new Operator(app);
    await operator.signIn(ADMIN_KEY);
    t.equal((await operator.get('/console')).status, 200);
    services.consoleSessions.holderOf = () => Promise.reject(new UnavailableError('away'));
    const page = await operator.get('/console/users', { 'accept-language': 'ru' });
    t.match([page.status, page.headers['retry-after']], [503, '1']);
    t.match(page.text, 'Сервис сейчас не отвечает');
    t.match(page.headers, { 'content-type': /html/, 'content-security-policy': /default-src 'none'/ });
  },
);

t.test('every page of the console keeps the same policy, and no cache keeps any', async (t) => {
  const { app } = await testApp(t);
  const operator = new Operator(app);
  await operator.signIn(ADMIN_KEY);
  for (const path of [
    '',
    '/users',
    '/payments',
    '/usage',
    '/catalogue',
    '/webhooks',
    '/refusals',
    '/sold',
    '/keys',
    '/audit-log',
    '/about',
    '/nothing',
  ]) {
    const { headers } = await operator.get(`/console${path}`);
    t.match(
      headers['content-security-policy'],
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
      path,
    );
    t.notMatch(headers['content-security-policy'], 'unsafe', path);
    t.match(headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }, path);
  }
});

t.test('made-up cookies by the hundred take no more than their own few places', async (t) => {
  const { app, services, call } = await testApp(t);
  const find = services.consoleSessions.holderOf.bind(services.consoleSessions);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let underway = 0;
  services.consoleSessions.holderOf = async (token) => {
    underway += 1;
    await held;
    return find(token);
  };
  const told: number[] = [];
  const ask = async () => {
    const headers = { cookie: `farebox_session=${'a'.repeat(43)}` };
    told.push((await app.inject({ url: '/console', headers })).statusCode);
  };
  const asked = Array.from({ length: 100 }, ask);
  await until(() => told.length === 48);
  t.strictSame(new Set(told), new Set([503]), 'who finds no place is told at once');
  t.equal(underway, 2);
  t.equal((await call('GET', '/readyz')).status, 200);
  release();
  await Promise.all(asked);
  t.strictSame(new Set(told.slice(48)), new Set([200]), 'the others see the page to sign in');
});

t.test(
  'a script that asks for a part is led on, and never given a failure to show in its place',
  async (t) => {
    const { app } = await testApp(t);
    const operator = new Operator(app);
    const script = { 'hx-request': 'true' };
    t.match(await operator.get('/console/users?q=ada', script), {
      status: 204,
      headers: { 'hx-redirect': '/console' },
    });
    await operator.signIn(ADMIN_KEY);
    t.match(await operator.get('/console/nothing', script), {
      status: 404,
      headers: { 'hx-reswap': 'none' },
    });
    t.match(await operator.get('/console/users?q=ada', script), {
      status: 200,
      headers: { 'hx-reswap': undefined },
    });
    t.match(await operator.get('/console/catalogue/tiers?id=%20'), {
      status: 303,
      headers: { location: '/console/catalogue' },
    });
  },
);
