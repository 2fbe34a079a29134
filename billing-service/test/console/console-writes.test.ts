import t from 'tap';
import type { Json } from '../support/test-app.js';
import { desk, shown } from './desk.js';
import { Operator } from './operator.js';

t.setTimeout(120_000);

const { app, call, keyWith, admin, clock } = await desk(t);
const USER = '/console/users/telegram%3A7';

t.test('a key with more than support is shown what it may do, and no more', async (t) => {
  const operator = new Operator(app);
  await operator.signIn(await keyWith('support', 'grants'));
  const page = await operator.get(USER);
  t.match(page.text, /name="amount"/);
  t.notMatch(page.text, 'href="/console/keys"');
  const wish = { amount: '1', source: 'promo', reason: 'x' };
  const preview = await operator.submit(page, `${USER}/grant`, wish);
  t.equal((await operator.submit(preview, `${USER}/grant`)).status, 303);
  t.equal((await operator.get('/console/keys')).status, 403);
  t.equal((await operator.get('/console/catalogue/tiers/gift')).status, 403);
  t.equal((await operator.get('/console/payments/card/pay-1/refund')).status, 403);
});

t.test('a price: shown before and after, and only over what was seen', async (t) => {
  const path = '/console/catalogue/operations/chatgpt_message';
  const page = await admin.get(path);
  const wish = { name: 'Message', price: '7', reason: 'dearer' };
  const preview = await admin.submit(page, path, wish);
  t.match(shown(preview), /Price in tokens 5 → 7/);
  await call('PUT', '/operations/chatgpt_message', { body: { name: 'Message', price: 6 } });
  t.equal((await admin.submit(preview, path)).status, 412, 'somebody else was quicker');
  t.equal((await call('GET', '/operations/chatgpt_message')).body.price, 6);
  const second = await admin.submit(await admin.get(path), path, wish);
  t.equal((await admin.submit(second, path)).headers.location, '/console/catalogue?done=catalogueChanged');
  t.equal((await call('GET', '/operations/chatgpt_message')).body.price, 7);
});

t.test('a tier: lists as the API takes them, and how many users are on it', async (t) => {
  const path = '/console/catalogue/tiers/gift';
  const page = await admin.get(path);
  const { policies, prices, features } = (await call('GET', '/tiers/gift')).body;
  const wish = {
    ...{
      name: 'Gift',
      monthlyTokens: '0',
      overdraft: '0',
      graceSeconds: '0',
      position: '0',
      reason: 'fewer',
    },
    ...{ prices: JSON.stringify(prices), features: JSON.stringify(features) },
  };
  const fewer = JSON.stringify([{ ...policies[0], limit: 3 }]);
  t.equal((await admin.submit(page, path, { ...wish, policies: 'no list' })).status, 400);
  const preview = await admin.submit(page, path, { ...wish, policies: fewer });
  t.match(shown(preview), /Users on this tier now: 1\./);
  t.equal((await admin.submit(preview, path)).status, 303);
  t.equal((await call('GET', '/tiers/gift')).body.policies[0].limit, 3);
});

t.test(
  'blocked and let go again: the reason is shown, and nothing happens before it is confirmed',
  async (t) => {
    const state = async () => (await call('GET', '/users/telegram:7')).body.blocked;
    const preview = await admin.submit(await admin.get(USER), `${USER}/block`, { reason: 'sent spam' });
    t.match(shown(preview), /may act → Blocked: sent spam/);
    t.equal(await state(), null);
    t.equal((await admin.submit(preview, `${USER}/block`)).headers.location, `${USER}?done=blocked`);
    t.match(await state(), { reason: 'sent spam' });
    const page = await admin.get(USER);
    t.match(shown(page), /Blocked: sent spam/);
    const back = await admin.submit(page, `${USER}/block`, { reason: 'a mistake' });
    t.match(shown(back), /Blocked: sent spam → may act/);
    t.equal((await admin.submit(back, `${USER}/block`)).status, 303);
    t.equal(await state(), null);
  },
);

t.test('limits of the user’s own: each beside the tier’s, and empty is the tier’s again', async (t) => {
  const own = async () => (await call('GET', '/users/telegram:7')).body.overrides;
  const path = `${USER}/overrides`;
  const wish = { policies: '', maxOpenReservations: '', overdraft: '50', expiresAt: '', reason: 'a partner' };
  const wrong = { ...wish, policies: '[{"operation": "nothing", "limit": 1, "windowSeconds": 60}]' };
  t.equal((await admin.submit(await admin.get(USER), path, wrong)).status, 400);
  const preview = await admin.submit(await admin.get(USER), path, wish);
  t.match(shown(preview), /Overdraft 0 \(the tier’s\) → 50/);
  t.equal(await own(), null);
  t.equal((await admin.submit(preview, path)).headers.location, `${USER}?done=overridden`);
  t.match(await own(), { overdraft: 50, policies: null, reason: 'a partner' });
  const page = await admin.get(USER);
  t.match(shown(page), /Overdraft 50/);
  const back = await admin.submit(page, path, { ...wish, overdraft: '', reason: 'no more' });
  t.match(shown(back), /Overdraft 50 → 0 \(the tier’s\)/);
  t.equal((await admin.submit(back, path)).status, 303);
  t.equal(await own(), null);
});

t.test('a key is shown once, made once, and revoked once, however often it is clicked', async (t) => {
  const page = await admin.get('/console/keys');
  const wish = { name: 'a new bot', 'scope-tokens': 'yes', reason: 'for tests' };
  t.equal((await admin.submit(page, '/console/keys', { name: 'none', reason: 'x' })).status, 400);
  const preview = await admin.submit(page, '/console/keys', wish);
  const [made, again] = await Promise.all([
    admin.submit(preview, '/console/keys'),
    admin.submit(preview, '/console/keys'),
  ]);
  t.match(made.text, /fbx_[0-9A-Za-z]{28}/);
  t.equal(again.text, made.text, 'the second click is shown the same key');
  const found = (await call('GET', '/api-keys')).body.items.filter((key: Json) => key.name === 'a new bot');
  t.equal(found.length, 1);
  const path = `/console/keys/${found[0].id}/revoke`;
  const warning = await admin.submit(await admin.get(path), path, { reason: 'gone' });
  const revoked = [await admin.submit(warning, path), await admin.submit(warning, path)];
  t.strictSame(
    revoked.map(({ status }) => status),
    [303, 303],
  );
  const secret = /fbx_[0-9A-Za-z]{28}/.exec(made.text)?.[0] as string;
  t.equal((await call('GET', '/tiers', { key: secret })).status, 401);
});

t.test('wrong keys at the door count like wrong keys of the API', async (t) => {
  const stranger = new Operator(app);
  const statuses = new Set<number>();
  for (let i = 0; i < 110; i++) statuses.add((await stranger.signIn(`wrong ${i}`)).status);
  t.strictSame([...statuses], [401, 429]);
});

t.test('the same key in a 51st browser ends the session of the first', async (t) => {
  const key = await keyWith('support');
  const first = new Operator(app);
  await first.signIn(key);
  clock.offsetMs += 1_000;
  for (let i = 0; i < 49; i++) await new Operator(app).signIn(key);
  t.equal((await first.get('/console/about')).status, 200, 'fifty may be there');
  const last = new Operator(app);
  await last.signIn(key);
  t.equal((await first.get('/console/about')).status, 303);
  t.equal((await last.get('/console/about')).status, 200);
});

t.test(
  'the audit log says who, through what, why, and what changed; of one user, on their page, too',
  async (t) => {
    const wish = { amount: '40', source: 'promo', reason: 'the answer was cut off' };
    const preview = await admin.submit(await admin.get(USER), `${USER}/grant`, wish);
    await admin.submit(preview, `${USER}/grant`);
    for (const path of ['/console/audit-log?action=grantTokens', USER]) {
      const page = shown(await admin.get(path));
      t.match(page, /grantTokens .*ADMIN_API_KEY console .*the answer was cut off/, path);
      t.match(page, /balance\.available: (\d+) → (\d+)/, path);
    }
    t.notMatch(shown(await admin.get('/console/audit-log?user=web:nobody')), 'grantTokens');
    const csv = await admin.get('/console/audit-log?action=grantTokens&format=csv');
    t.match(csv.text, /grantTokens,settings console,telegram:7,the answer was cut off,balance\.available/);
  },
);

t.test('a new operation, by its id; not where somebody else has made one meanwhile', async (t) => {
  const start = await admin.get('/console/catalogue/operations?id=translation');
  const path = '/console/catalogue/operations/translation';
  t.match([start.status, start.headers.location], [303, path]);
  const page = await admin.get(path);
  const preview = await admin.submit(page, path, { name: 'Translation', price: '3', reason: 'new' });
  t.match(shown(preview), /Price in tokens – → 3/);
  t.equal((await admin.submit(preview, path)).status, 303);
  t.match((await call('GET', '/operations/translation')).body, { name: 'Translation', price: 3 });
  const late = await admin.submit(page, path, { key: 'another', name: 'Other', price: '4', reason: 'new' });
  t.equal((await admin.submit(late, path)).status, 412);
  t.equal((await admin.get('/console/catalogue/nothing/x')).status, 404);
});

t.test('a user is erased: what goes is shown first, and tokens only where that is said', async (t) => {
  await call('PUT', '/users/web:goes', { body: {} });
  const grant = { user: 'web:goes', amount: 12, source: 'promo', reason: 'x' };
  await call('POST', '/tokens/grant', { body: grant, headers: { 'idempotency-key': 'goes' } });
  const user = '/console/users/web%3Agoes';
  const page = await admin.get(user);
  const refused = await admin.submit(page, `${user}/erase`, { reason: 'asked to' });
  t.equal(refused.status, 409, 'tokens are left');
  const wish = { 'forfeit-yes': 'yes', reason: 'asked to' };
  const preview = await admin.submit(page, `${user}/erase`, wish);
  t.match(shown(preview), /Names web:goes → –/);
  t.match(shown(preview), /Balance 12 → 0/);
  t.equal((await call('GET', '/users/web:goes')).status, 200, 'a preview erases nobody');
  t.equal((await admin.submit(preview, `${user}/erase`)).headers.location, '/console/users?done=erased');
  t.equal((await call('GET', '/users/web:goes')).status, 404);
  t.equal((await admin.submit(preview, `${user}/erase`)).status, 303, 'a second click is the first again');
  const operator = new Operator(app);
  await operator.signIn(await keyWith('support', 'grants'));
  t.notMatch((await operator.get(USER)).text, '/erase');
});
