import t from 'tap';
import { ADMIN_KEY, type Json } from '../support/test-app.js';
import { desk, shown } from './desk.js';

t.setTimeout(120_000);

const { call, admin, clock } = await desk(t);
// Half past twelve of the next day: the hour does not turn while this runs, and today has only what follows.
const DAY_MS = 86_400_000;
clock.offsetMs += DAY_MS - (clock.now() % DAY_MS) + 12.5 * 3_600_000;
await admin.signIn(ADMIN_KEY);

t.test('today says what the ledger sums to, and leads to the hours', async (t) => {
  const post = (url: string, body: object) =>
    call('POST', url, { body, headers: { 'idempotency-key': url } });
  await post('/tokens/grant', { user: 'telegram:7', amount: 7, source: 'promo', reason: 'x' });
  const held = await post('/tokens/reserve', { user: 'telegram:7', operation: 'chatgpt_message' });
  await post('/tokens/commit', { reservationId: held.body.reservationId });
  const page = await admin.get('/console');
  t.match(shown(page), /Charged 5 a week ago 0 Charges 1 a week ago 0 Granted 7 a week ago 0/);
  t.match(page.text, /role="img" aria-label="Tokens charged today, by the hour"/);
  const [, hours = ''] = /href="(\/console\/usage\?by=hour[^"]*)"/.exec(page.text) ?? [];
  const list = await admin.get(hours.replaceAll('&amp;', '&'));
  t.equal(list.status, 200);
  t.match(shown(list), /Hour Charged Charges Granted .* 5 1 7 0 0 0 0 0/);
});

t.test('usage: by what is chosen, filtered, as CSV of the same rows', async (t) => {
  const page = await admin.get('/console/usage?days=7&by=day,operation&user=telegram:7');
  t.match(page.text, /<option value="day,operation" selected/);
  t.match(page.text, /<option value="7" selected/);
  const csv = await admin.get('/console/usage?by=operation&format=csv');
  const { items } = (await call('GET', '/usage?by=operation')).body;
  const rows = csv.text.trim().split('\r\n').slice(1);
  t.strictSame(
    rows.map((row) => row.split(',').slice(0, 2)),
    items.map((item: Json) => [item.operation ?? '–', String(item.charged)]),
  );
  t.equal((await admin.get('/console/usage?by=nonsense')).status, 200, 'what cannot be chosen is left out');
  t.equal((await admin.get('/console/usage?user=nobody')).status, 400);
});
