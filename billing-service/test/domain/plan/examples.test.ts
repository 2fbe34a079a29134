/** Every number in the rules of docs/paid-time.md, by name. */
import t from 'tap';
import { piecesOf } from '../../../src/domain/plan/cut-length.js';
import { upcoming } from '../../../src/domain/plan/forecast.js';
import { Life } from './life.js';
import { DAY } from './model.js';
import { START_DAYS } from './steps.js';

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);
const card = (paymentId: string) => ({ provider: 'card', paymentId });
const daysOf = (life: Life) => life.grants.map(({ until }) => new Date(until).toISOString().slice(0, 10));

t.test('30 days are one piece in every month of the year, 60 are two, 365 are twelve', async (t) => {
  for (const start of START_DAYS) {
    const counts = [30, 60, 365].map((days) => piecesOf(days * DAY, start));
    t.same(counts, [1, 2, 12], new Date(start).toISOString());
  }
});

t.test('a last piece of 15 days is one, a shorter one belongs to the piece before it', async (t) => {
  t.equal(piecesOf(31 * DAY + 15 * DAY, at('2027-03-01')), 2);
  t.equal(piecesOf(31 * DAY + 15 * DAY - 1, at('2027-03-01')), 1);
  t.equal(piecesOf(DAY, at('2027-03-01')), 1, 'a length is never nothing');
});

t.test('30 days bought on 1 February: one month of tokens, 30 days', async (t) => {
  const life = new Life(at('2027-02-01'));
  life.buyUntil(card('a'), 'plus', at('2027-03-03'));
  life.now = at('2027-03-03') - 1;
  life.settle();
  t.equal(life.plan.tier, 'plus');
  life.now += 1;
  life.settle();
  t.equal(life.plan.tier, 'gift');
  t.same(daysOf(life), ['2027-03-03']);
});

t.test('months count from one anchor whoever paid: 31 Jan, 28 Feb, 31 Mar', async (t) => {
  const life = new Life(at('2027-01-31'));
  for (const id of ['a', 'b', 'c']) life.buy({ tier: 'plus', payment: card(id), months: 1 });
  life.now = at('2028-01-01');
  life.settle();
  t.same(daysOf(life), ['2027-02-28', '2027-03-31', '2027-04-30']);
});

t.test('a month after a length counts from the length’s end', async (t) => {
  const life = new Life(at('2027-01-31'));
  life.buyUntil(card('length'), 'plus', at('2027-03-02'));
  life.buy({ tier: 'plus', payment: card('month'), months: 1 });
  life.now = at('2028-01-01');
  life.settle();
  t.same(daysOf(life), ['2027-03-02', '2027-04-02']);
});

t.test('a piece that an upgrade interrupted is over where the upgrade lasts longer', async (t) => {
  const life = new Life(at('2027-01-31'));
  life.buy({ tier: 'plus', payment: card('low'), months: 2 });
  life.now = at('2027-02-10');
  life.buy({ tier: 'business', payment: card('high'), months: 1 });
  t.equal(life.interruptedMs, 18 * DAY);
  t.equal(life.paidUntil(), at('2027-03-10'), 'of the present tier alone, though another waits');
  t.match(upcoming(life.forecast()), [{ tier: 'plus', from: at('2027-03-10'), until: at('2027-04-10') }]);
});

t.test('months put off from the 30th at ten to the 31st at nine end no earlier', async (t) => {
  const life = new Life(Date.parse('2027-09-30T10:00:00Z'));
  life.buy({ tier: 'professional', payment: card('prepaid'), months: 12 });
  const end = Date.parse('2028-09-30T10:00:00Z');
  t.equal(life.paidUntil(), end);
  life.now = Date.parse('2027-10-30T09:00:00Z');
  life.buyUntil({ provider: 'stars', paymentId: 'a day' }, 'business', life.now + DAY);
  t.match(upcoming(life.forecast()), [{ from: Date.parse('2027-10-31T09:00:00Z'), until: end }]);
});

t.test('months that an upgrade puts off to 28 February end on 31 March, as they would have', async (t) => {
  const life = new Life(at('2027-01-31'));
  life.buy({ tier: 'plus', payment: card('low'), months: 2 });
  t.equal(life.paidUntil(), at('2027-03-31'));
  life.now += 1;
  life.buy({ tier: 'business', payment: card('high'), months: 1 });
  t.match(upcoming(life.forecast()), [{ from: at('2027-02-28') + 1, until: at('2027-03-31') }]);
});

t.test('what a piece ran ahead of stays behind it, whatever interrupts it', async (t) => {
  const life = new Life(at('2027-03-01'));
  life.buy({ tier: 'professional', payment: card('prepaid'), months: 2 });
  life.now = at('2027-03-11');
  life.byHand('plus', 2);
  life.now = at('2027-03-16');
  life.buy({ tier: 'plus', payment: card('now'), months: 1 }, 'now');
  life.now = at('2027-03-17');
  life.buyUntil({ provider: 'stars', paymentId: 'a day' }, 'business', at('2027-03-18'));
  const payments = life.forecast().map(({ payment }) => payment?.paymentId ?? 'by hand');
  t.same(payments, ['a day', 'now', 'by hand', 'prepaid']);
});

t.test('by hand, the rest of an interrupted piece is no period', async (t) => {
  const life = new Life(at('2027-03-01'));
  life.buyUntil({ provider: 'stars', paymentId: '44 days' }, 'plus', at('2027-04-14'));
  life.now = at('2027-03-02');
  life.buy({ tier: 'plus', payment: card('now'), months: 1 }, 'now');
  life.byHand('plus', 2);
  t.equal(life.paidUntil(), at('2027-05-02'), 'with the period after the present one');
});

t.test('hundreds of purchases and ten years ahead: forecast at once', async (t) => {
  const life = new Life(at('2027-01-31'));
  for (let i = 0; i < 400; i++) life.buy({ tier: 'plus', payment: card(`${i}`), months: 120 });
  t.equal(upcoming(life.forecast()).length, 100);
  t.equal(life.paidUntil(), at('6027-01-31'));
});
