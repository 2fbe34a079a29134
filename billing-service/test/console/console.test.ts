import t from 'tap';
import { ADMIN_KEY, type Json } from '../support/test-app.js';
import { desk, shown } from './desk.js';
import { Operator } from './operator.js';

t.setTimeout(120_000);

const { app, call, keyWith, admin, clock } = await desk(t);
const USER = '/console/users/telegram%3A7';
const available = async () => (await call('GET', '/users/telegram:7/balance')).body.available as number;

t.test('signing in: a key of scope admin or support, and no other', async (t) => {
  const stranger = new Operator(app);
  const door = await stranger.get('/console', { 'accept-language': 'ru,en;q=0.5' });
  t.match(door.text, /<html lang="ru">/);
  t.match(door.text, /type="password"/);
  t.equal((await stranger.get('/console/users')).status, 303, 'every page leads to the door');
  t.equal((await stranger.signIn('wrong')).status, 401);
  t.equal((await stranger.signIn(await keyWith('tokens'))).status, 403);
  const support = new Operator(app);
  const opened = await support.signIn(await keyWith('support'));
  t.match(opened.headers['set-cookie'], /HttpOnly; SameSite=Strict/);
  t.match(opened.headers['set-cookie'], /Max-Age=43200/);
  t.notMatch((await support.get(USER)).text, /name="amount"/, 'support is shown no form that writes');
});

t.test(
  'the database keeps neither key nor cookie; the session ends with its key and after 12 hours',
  async (t) => {
    const key = await keyWith('support');
    const other = new Operator(app);
    await other.signIn(key);
    t.equal((await other.get('/console')).status, 200);
    t.match((await other.get('/console')).headers, { 'cache-control': 'no-store' });
    const [found] = (await call('GET', '/api-keys')).body.items.filter(
      (item: Json) => item.scopes[0] === 'support',
    );
    await call('DELETE', `/api-keys/${found.id}`);
    t.equal((await other.get('/console/users')).status, 303, 'at once');
    const late = new Operator(app);
    await late.signIn(ADMIN_KEY);
    clock.offsetMs += 12 * 3_600_000;
    t.equal((await late.get('/console/users')).status, 303);
    await admin.signIn(ADMIN_KEY);
    const out = await admin.submit(await admin.get('/console'), '/console/sign-out');
    t.equal(out.status, 303);
    t.equal((await admin.get('/console/users')).status, 303, 'signed out');
    await admin.signIn(ADMIN_KEY);
  },
);

t.test('a grant: form, before and after, and once however often it is confirmed', async (t) => {
  const page = await admin.get(USER);
  t.equal(page.status, 200);
  t.match(page.text, /Ada &lt;b>|Ada &lt;b&gt;/, 'a name is text');
  const before = await available();
  const wish = { amount: '100', source: 'promo', reason: 'sorry', expiresAt: '' };
  const preview = await admin.submit(page, `${USER}/grant`, wish);
  t.match(shown(preview), `${before} → ${before + 100}`);
  t.match(shown(preview), /chatgpt_message 6 → 26/);
  t.equal(await available(), before, 'a preview writes nothing');
  const done = await admin.submit(preview, `${USER}/grant`);
  t.match([done.status, done.headers.location], [303, `${USER}?done=granted`]);
  await admin.submit(preview, `${USER}/grant`);
  t.equal(await available(), before + 100);
});

t.test('a form from elsewhere, without the token or of support does nothing', async (t) => {
  const page = await admin.get(USER);
  const preview = await admin.submit(page, `${USER}/grant`, { amount: '5', source: 'promo', reason: 'x' });
  const before = await available();
  const form = { amount: '5', source: 'promo', reason: 'x', key: 'k', confirmed: 'yes' };
  t.equal((await admin.post(`${USER}/grant`, form)).status, 403);
  t.equal((await admin.post(`${USER}/grant`, form, { 'sec-fetch-site': 'cross-site' })).status, 403);
  t.equal((await admin.post(`${USER}/grant`, form, { origin: 'https://evil.example' })).status, 403);
  const csrf = /name="csrf" value="([^"]+)"/.exec(preview.text)?.[1] as string;
  const support = new Operator(app);
  await support.signIn(await keyWith('support'));
  t.equal((await support.post(`${USER}/grant`, { ...form, csrf })).status, 403, 'another session’s token');
  const own = /name="csrf" value="([^"]+)"/.exec((await support.get('/console')).text)?.[1] as string;
  t.equal((await support.post(`${USER}/grant`, { ...form, csrf: own })).status, 403);
  t.equal(await available(), before);
  const internal = await call('GET', '/users', { key: null, headers: { authorization: 'Internal x' } });
  t.equal(internal.status, 401, 'nobody outside has a ticket');
});

t.test('a tier, and the refund of a payment', async (t) => {
  const tier = await admin.submit(await admin.get(USER), `${USER}/tier`, {
    ...{ tier: 'professional', months: '1', reason: 'a gift' },
  });
  t.match(shown(tier), /Tier Gift → Professional/);
  await admin.submit(tier, `${USER}/tier`);
  t.equal((await call('GET', '/users/telegram:7')).body.tier, 'professional');
  const [line] = (await call('GET', '/audit-log?limit=1')).body.items;
  t.match(line, { action: 'changeTier', reason: 'a gift', actor: { name: 'ADMIN_API_KEY', via: 'console' } });
  await call('POST', '/payments', {
    body: {
      ...{ provider: 'card', paymentId: 'pay-123', user: 'telegram:7', product: { pack: 'pack-500' } },
      ...{ currency: 'RUB', amount: 59_000 },
    },
  });
  t.match(
    (await admin.get('/console/users?q=pay-123')).headers.location,
    `${USER}#payments`,
    'found by its id',
  );
  const url = '/console/payments/card/pay-123/refund';
  const part = { tokens: '120', reason: 'a quarter' };
  const partly = await admin.submit(await admin.get(url), url, part);
  t.match(shown(partly), /Payment paid → 120 of 500 refunded/);
  for (let i = 0; i < 2; i++) await admin.submit(partly, url);
  t.match((await call('GET', '/payments')).body.items[0], { refundedTokens: 120, refundedAmount: 14_160 });
  t.match(shown(await admin.get('/console/payments')), /120 of 500 refunded/);
  t.match(shown(await admin.get(url)), /At most 380\./);
  const before = await available();
  const preview = await admin.submit(await admin.get(url), url, { reason: 'asked' });
  t.match(shown(preview), `${before.toLocaleString('en')} → ${(before - 380).toLocaleString('en')}`);
  await admin.submit(preview, url);
  t.equal(await available(), before - 380);
});

t.test('a charge given back in part, a hold given back whole', async (t) => {
  const reserve = async () =>
    (await call('POST', '/tokens/reserve', { body: { user: 'telegram:7', operation: 'image_generation' } }))
      .body.reservationId as string;
  const [charged, held] = [await reserve(), await reserve()];
  await call('POST', '/tokens/commit', { body: { reservationId: charged } });
  const before = await available();
  for (const [id, wish, gain] of [
    [charged, { amount: '4', reason: 'half of it failed' }, 4],
    [held, { reason: 'it hangs' }, 10],
  ] as const) {
    const path = `/console/reservations/${id}`;
    t.match(shown(await admin.get(path)), /Receipt \d+ × 1 = \d+ \(version 1 of the prices\)/);
    const from = await available();
    const preview = await admin.submit(await admin.get(path), `${path}/refund`, wish);
    const [a, b] = [from, from + gain].map((tokens) => tokens.toLocaleString('en'));
    t.match(shown(preview), `Balance ${a} → ${b}`);
    for (let i = 0; i < 2; i++) t.equal((await admin.submit(preview, `${path}/refund`)).status, 303);
  }
  t.equal(await available(), before + 14);
  t.notMatch((await admin.get(`/console/reservations/${held}`)).text, 'name="reason"', 'nothing is left');
});

t.test('what cannot be is said, and never a failure', async (t) => {
  const page = await admin.get(USER);
  for (const amount of ['', 'x', '1.5', '0', '99999999999999']) {
    const wish = { amount, source: 'promo', reason: 'x' };
    const preview = await admin.submit(page, `${USER}/grant`, wish);
    const answer = preview.status === 200 ? await admin.submit(preview, `${USER}/grant`) : preview;
    t.equal(answer.status, 400, amount);
  }
  t.equal((await admin.get('/console/users/telegram%3Anobody')).status, 404);
  t.equal((await admin.get('/console/nothing')).status, 404);
  t.equal((await admin.get('/console/catalogue/constructor/x')).status, 404);
  t.notMatch((await admin.get('/console/about?done=constructor')).text, 'role="status"');
  t.equal((await admin.get('/console/users?q=a')).status, 200);
  t.equal((await admin.get('/console/users?q=rsv_none')).status, 200);
});

t.test('lists: searched, and as CSV of what is shown', async (t) => {
  const found = await admin.get('/console/users?q=ADA');
  t.match(found.text, `href="${USER}"`);
  const csv = await admin.get('/console/users?q=ADA&format=csv');
  t.match(csv.headers, { 'content-type': /text\/csv/ });
  t.match(csv.text, /^\ufeffUser,Name,Tier,available,Since\r\ntelegram:7,Ada <b>,professional,\d+,/);
  t.equal((await admin.get(`${USER}?format=csv&list=entries`)).text.split('\r\n').length > 3, true);
});
