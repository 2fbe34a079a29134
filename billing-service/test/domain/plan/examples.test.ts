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
  t.match(upcoming(life.forecast()), [{ tier: 'plus', from: at('2027-03-10'), until: at('2027-04-10') }]);
});

t.test('hundreds of purchases and ten years ahead: forecast at once', async (t) => {
  const life = new Life(at('2027-01-31'));
  for (let i = 0; i < 400; i++) life.buy({ tier: 'plus', payment: card(`${i}`), months: 120 });
  t.equal(upcoming(life.forecast()).length, 100);
  t.equal(life.paidUntil(), at('6027-01-31'));
});
