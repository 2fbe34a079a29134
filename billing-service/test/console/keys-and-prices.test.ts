/** What a change would touch is told before it is made: keys that take another's place, prices, limits. */
import t from 'tap';
import { desk, shown } from './desk.js';

t.setTimeout(120_000);

const { call, admin, keyWith } = await desk(t);
const user = 'telegram:7';
const works = async (key: string) => (await call('GET', '/users/telegram:7', { key })).status;

t.test('a key is replaced: shown once, both work for the time that was chosen', async (t) => {
  const old = await keyWith('users');
  t.equal(await works(old), 200);
  const [{ id }] = (await call('GET', '/api-keys')).body.items;
  t.match(shown(await admin.get('/console/keys')), /Last use .*Replace …/);
  const path = `/console/keys/${id}/rotate`;
  const form = { graceSeconds: '3600', reason: 'it was in a log' };
  const preview = await admin.submit(await admin.get(path), path, form);
  t.match(shown(preview), /one key → a new one; the old one ends after: 1 hr/);
  const made = await admin.submit(preview, path);
  const key = /fbx_[0-9A-Za-z]{28}/.exec(made.text)?.[0] as string;
  t.equal((await admin.submit(preview, path)).text, made.text, 'a second click makes no second key');
  t.strictSame([await works(old), await works(key)], [200, 200]);
  const [line] = (await call('GET', '/audit-log?action=rotateApiKey')).body.items;
  t.match(line, { reason: 'it was in a log', actor: { via: 'console' } });
  const at = `/console/keys/${(await call('GET', '/api-keys')).body.items[0].id}/rotate`;
  const atOnce = { graceSeconds: '0', reason: 'it was stolen' };
  const second = await admin.submit(await admin.get(at), at, atOnce);
  t.match(shown(second), 'the old one ends after: no time');
  t.equal((await admin.submit(second, at)).status, 200);
  t.equal(await works(key), 401, 'the stolen one');
});

t.test('a new price: what the last 7 days came to, and would have come to', async (t) => {
  for (let i = 0; i < 3; i++) {
    const held = await call('POST', '/tokens/reserve', { body: { user, operation: 'chatgpt_message' } });
    await call('POST', '/tokens/commit', { body: { reservationId: held.body.reservationId } });
  }
  const path = '/console/catalogue/operations/chatgpt_message';
  const form = { name: 'Message', price: '7', rates: '[]', unpriced: 'refuse', reason: 'dearer' };
  const preview = await admin.submit(await admin.get(path), path, form);
  t.match(
    shown(preview),
    'In the last 7 days: charges 3, tokens 15. At the new price it would have been 21,',
  );
  const rates = JSON.stringify([{ unit: 'images', model: null, price: 1, per: 1 }]);
  const byUnit = await admin.submit(await admin.get(path), path, { ...form, rates });
  t.match(shown(byUnit), /charges 3, tokens 15\. .*cannot be told/);
});

t.test('a lower limit: how many are above it now', async (t) => {
  for (let i = 0; i < 4; i++)
    await call('POST', '/limits/check', { body: { user, operation: 'chatgpt_message' } });
  const path = '/console/catalogue/tiers/gift';
  const { policies, prices, features } = (await call('GET', '/tiers/gift')).body;
  const form = {
    ...{ name: 'Gift', monthlyTokens: '100', overdraft: '0', graceSeconds: '0', position: '0', reason: 'x' },
    ...{ prices: JSON.stringify(prices), features: JSON.stringify(features), requiresChannel: 'yes' },
  };
  const previewOf = async (limit: number) => {
    const wish = { ...form, policies: JSON.stringify([{ ...policies[0], limit }]) };
    return shown(await admin.submit(await admin.get(path), path, wish));
  };
  t.match(await previewOf(3), 'Above a new limit now: 1 of 1 users looked at.');
  t.match(await previewOf(4), 'Above a new limit now: 0 of 1 users looked at.');
  t.notMatch(await previewOf(20), 'Above a new limit');
});
