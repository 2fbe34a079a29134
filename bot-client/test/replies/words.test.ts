import t from 'tap';
import { planLength } from '../../src/replies/plan-length.js';
import { inSeconds } from '../../src/replies/relative-time.js';
import { langOf, wordsFor } from '../../src/replies/replies.js';

t.test('plurals are right: 1 токен, 2 токена, 5 токенов', (t) => {
  const cost = (lang: 'en' | 'ru', tokens: number) => wordsFor(lang).work.costLine({ cost: tokens, left: 0 });
  const russian: [number, string][] = [
    [0, 'токенов'],
    [1, 'токен'],
    [2, 'токена'],
    [4, 'токена'],
    [5, 'токенов'],
    [11, 'токенов'],
    [12, 'токенов'],
    [21, 'токен'],
    [22, 'токена'],
    [111, 'токенов'],
    [121, 'токен'],
  ];
  for (const [count, word] of russian) t.match(cost('ru', count), `${count} ${word} ·`);
  t.match(cost('en', 1), '1 token ·');
  for (const count of [0, 2, 11, 21]) t.match(cost('en', count), `${count} tokens ·`);
  t.end();
});

t.test('the language is the one chosen, else Telegram’s, else English', (t) => {
  t.equal(langOf(undefined, 'ru'), 'ru');
  t.equal(langOf(undefined, 'ru-RU'), 'ru');
  t.equal(langOf(undefined, 'de'), 'en');
  t.equal(langOf(undefined, undefined), 'en');
  t.equal(langOf('en', 'ru'), 'en');
  t.end();
});

t.test('times are how long from now, in whole units, never "in 0"', (t) => {
  t.equal(inSeconds(0, 'en'), 'in 1 second');
  t.equal(inSeconds(42, 'en'), 'in 42 seconds');
  t.equal(inSeconds(61, 'en'), 'in 2 minutes');
  t.equal(inSeconds(3 * 86_400, 'ru'), 'через 3 дня');
  t.equal(inSeconds(1, 'ru'), 'через 1 секунду');
  t.end();
});

t.test('a balance says what it buys, what is held, what is owed, and when it renews', (t) => {
  const facts = {
    available: 60,
    reserved: 5,
    debt: 0,
    affordable: { chatgpt_message: 12, image_generation: 6, something_free: null },
    tierName: 'Gift',
    renewsAt: new Date(Date.now() + 2.5 * 86_400_000).toISOString(),
    paidUntil: null,
    monthlyTokens: 100,
    inGrace: false,
    waiting: [],
  };
  t.equal(
    wordsFor('en').money.balance(facts),
    '💰 60 tokens\n(5 more held for what is running)\nEnough for 12 chat messages or 6 images.\n\nPlan: Gift\nRenews with 100 tokens in 3 days.',
  );
  t.match(wordsFor('en').money.balance({ ...facts, debt: 7 }), 'You owe 7 tokens');
  t.match(wordsFor('ru').money.balance(facts), 'Хватит на 12 сообщений или 6 картинок.');
  t.end();
});

const HOUR_MS = 3_600_000;
const nextYear = new Date().getUTCFullYear() + 1;

t.test('what waits is told by its date and how far away it is, and for how long, plurals right', (t) => {
  const lines = (lang: 'en' | 'ru', from: string, until: string) =>
    wordsFor(lang).plan.waiting([{ name: 'Professional', from, until }]);
  const from = `${nextYear}-02-13T10:00:00.000Z`;
  const lengths: [string, string, string][] = [
    [`${nextYear}-03-13T10:00:00.000Z`, '1 month', '1 месяц'],
    [`${nextYear}-04-13T10:00:00.000Z`, '2 months', '2 месяца'],
    [`${nextYear + 1}-01-13T10:00:00.000Z`, '11 months', '11 месяцев'],
    [`${nextYear}-02-14T09:00:00.000Z`, '1 day', '1 день'],
    [`${nextYear}-02-13T10:01:00.000Z`, '1 day', '1 день'],
    [`${nextYear}-03-06T10:00:00.000Z`, '21 days', '21 день'],
    [`${nextYear}-05-15T10:00:00.000Z`, '3 months and 2 days', '3 месяца и 2 дня'],
  ];
  for (const [until, english, russian] of lengths) {
    const [en, ru] = [lines('en', from, until)[0] ?? '', lines('ru', from, until)[0] ?? ''];
    t.match(
      en,
      new RegExp(`^Next: Professional from 13 February ${nextYear} \\(in \\d+ days?\\), for ${english}\\.$`),
    );
    t.match(
      ru,
      new RegExp(
        `^Дальше: Professional с 13 февраля ${nextYear} \\(через [\\d\\s]+ (день|дня|дней)\\), на ${russian}\\.$`,
      ),
    );
  }
  t.same(wordsFor('en').plan.waiting([]), []);
  t.end();
});

t.test('a month is a month also where the calendar clips it', (t) => {
  const one = { months: 1, days: 0 };
  t.same(planLength('2027-01-31T10:00:00.000Z', '2027-02-28T10:00:00.000Z'), one);
  t.same(planLength('2027-02-28T10:00:00.000Z', '2027-03-31T10:00:00.000Z'), one);
  t.same(planLength('2028-01-30T10:00:00.000Z', '2028-02-29T10:00:00.000Z'), one);
  t.same(planLength('2027-02-01T10:00:00.000Z', '2027-03-03T10:00:00.000Z'), { months: 0, days: 30 });
  t.same(planLength('2027-01-31T10:00:00.000Z', '2028-01-31T10:00:00.000Z'), { months: 12, days: 0 });
  t.end();
});

t.test('of many stretches that wait five are listed and the others counted', (t) => {
  const plan = { name: 'Professional', from: '2030-01-01T00:00:00.000Z', until: '2030-02-01T00:00:00.000Z' };
  t.equal(wordsFor('en').plan.waiting(Array(7).fill(plan)).at(-1), 'And 2 more after that.');
  t.equal(wordsFor('ru').plan.waiting(Array(7).fill(plan)).at(-1), 'И после этого ещё 2 покупки.');
  t.end();
});

t.test('in grace the balance says that the plan stays without tokens, and for how long', (t) => {
  const facts = {
    available: 0,
    reserved: 0,
    debt: 0,
    affordable: {},
    tierName: 'Professional',
    renewsAt: new Date(Date.now() + 47.5 * HOUR_MS).toISOString(),
    paidUntil: new Date(Date.now() - HOUR_MS).toISOString(),
    monthlyTokens: 2000,
    inGrace: true,
    waiting: [],
  };
  t.match(
    wordsFor('en').money.balance(facts),
    /The time you paid for is over\. Professional stays for another 2 days, without new tokens; \/upgrade continues it\.$/,
  );
  t.match(wordsFor('ru').money.balance(facts), 'закончится через 2 дня; продлить — /upgrade.');
  t.end();
});
