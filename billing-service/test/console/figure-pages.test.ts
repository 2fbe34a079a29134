/** What was sold and who was refused: each figure of today equals the rows that it leads to. */
import t from 'tap';
import type { RefusalTally } from '../../src/domain/refusals/refusal-tally.js';
import { ADMIN_KEY, type Json } from '../support/test-app.js';
import { desk, shown } from './desk.js';

t.setTimeout(120_000);

const { call, admin, clock, services } = await desk(t);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const user = 'telegram:7';
let made = 0;
const post = (url: string, body: object) =>
  call('POST', url, { body, headers: { 'idempotency-key': `post-${made++}` } });
const buys = (product: object, amount: number, currency = 'XTR') =>
  post('/payments', { provider: 'stars', paymentId: `pay-${made}`, user, product, currency, amount });
const runsOut = async (times: number) => {
  for (let i = 0; i < times; i++) {
    await post('/tokens/reserve', { user, operation: 'chatgpt_message', amount: 9_999_999 });
  }
  await (services.refused as RefusalTally).write();
};
// A week before the day that is looked at, at the same time of day.
clock.offsetMs += DAY_MS - (clock.now() % DAY_MS) + 12.5 * HOUR_MS;
await buys({ pack: 'pack-500' }, 300);
await runsOut(2);
clock.offsetMs += 7 * DAY_MS;
await admin.signIn(ADMIN_KEY);
await buys({ pack: 'pack-500' }, 310);
await buys({ tokens: 40 }, 90);
await buys({ tokens: 40 }, 5_000, 'RUB');
await runsOut(3);

const linkOf = (page: string, name: string): string => {
  const [, href = ''] = new RegExp(`<a class="figure" href="([^"]*)"><span>${name}<`).exec(page) ?? [];
  return href.replaceAll('&amp;', '&');
};
const csvOf = async (href: string) =>
  (await admin.get(`${href}&format=csv`)).text
    .trim()
    .split('\r\n')
    .slice(1)
    .map((row) => row.split(','));

t.test('today: sold by currency and denied by reason, beside the same hours a week ago', async (t) => {
  const page = await admin.get('/console');
  const text = shown(page);
  t.match(text, 'Payments today 3 a week ago 1');
  t.match(text, 'Sold 50 RUB a week ago 0 RUB');
  t.match(text, 'Sold 400 XTR a week ago 300 XTR');
  t.match(text, 'Denied: too few tokens 3 a week ago 2');
  t.match(text, 'Denied: limit met 0 a week ago 0');
  const sold = await csvOf(linkOf(page.text, 'Sold'));
  t.strictSame(
    sold.map(([product, currency, paid]) => [product, currency, paid]),
    [
      ['tokens', 'RUB', '5000'],
      ['pack:pack-500', 'XTR', '310'],
      ['tokens', 'XTR', '90'],
    ],
  );
  const refused = await csvOf(linkOf(page.text, 'Denied: too few tokens'));
  t.strictSame(
    refused.map((row) => row.slice(1)),
    [[user, 'chatgpt_message', 'insufficient-tokens', '3']],
  );
});

t.test('sold: split as chosen, what was given back beside it', async (t) => {
  await call('POST', `/payments/stars/pay-${made - 4}/refund`);
  const page = await admin.get('/console/sold?by=month,product&days=7');
  t.match(page.text, /<option value="month,product" selected/);
  const { items } = (await call('GET', '/payments/summary?by=provider')).body;
  const csv = await csvOf('/console/sold?by=provider&days=365');
  t.strictSame(
    csv.map(([, currency, paid, back, count]) => [currency, paid, back, count].join()),
    items.map((row: Json) => [row.currency, row.amount, row.refunded, row.payments].join()),
  );
  t.equal((await admin.get('/console/sold?by=nonsense')).status, 200, 'what cannot be chosen is left out');
  t.match((await admin.get('/console/payments')).text, 'href="/console/sold"');
});

t.test('refusals: filtered by why, user and operation', async (t) => {
  t.match(
    shown(await admin.get('/console/refusals')),
    /telegram:7 chatgpt_message too few tokens 3 .* too few tokens 2/,
  );
  t.match(shown(await admin.get('/console/refusals?code=rate-limited')), 'Nobody was refused.');
  t.match((await admin.get('/console/refusals?user=telegram:7')).text, 'href="/console/users/telegram%3A7"');
  t.equal((await admin.get('/console/refusals?code=nonsense')).status, 400);
});

t.test('usage by day and by hour is plotted, an empty hour as an empty place', async (t) => {
  for (const by of ['hour', 'day']) {
    const page = await admin.get(`/console/usage?by=${by}&days=7`);
    t.match(page.text, `role="img" aria-label="Tokens charged, by: ${by === 'hour' ? 'Hour' : 'Day'}"`);
  }
  t.equal((await admin.get('/console/usage?by=day&days=30')).text.match(/<rect x=/g)?.length, 30);
  t.notMatch((await admin.get('/console/usage?by=operation')).text, 'role="img"');
});
