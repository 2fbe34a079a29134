import t from 'tap';
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
  };
  t.equal(
    wordsFor('en').money.balance(facts),
    '💰 60 tokens\n(5 more held for what is running)\nEnough for 12 chat messages or 6 images.\n\nPlan: Gift\nRenews with 100 tokens in 3 days.',
  );
  t.match(wordsFor('en').money.balance({ ...facts, debt: 7 }), 'You owe 7 tokens');
  t.match(wordsFor('ru').money.balance(facts), 'Хватит на 12 сообщений или 6 картинок.');
  t.end();
});
