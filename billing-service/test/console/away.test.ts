import t from 'tap';
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
