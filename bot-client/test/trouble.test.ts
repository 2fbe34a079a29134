import t from 'tap';
import { Town } from './support/town.js';

t.test('the service down, slow, or refusing: what the user reads, and nothing is charged', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone('en', 12);
  await town.scene(ann, () => ann.says('/help'));
  town.service.faults = [{ path: /reserve/, times: 4, status: 503 }];
  t.match(
    await town.scene(ann, () => ann.says('hi')),
    /cannot reach the token service.*Nothing was charged/s,
  );
  town.service.faults = [{ path: /balance/, times: 4, status: 503 }];
  t.match(await town.scene(ann, () => ann.says('/balance')), 'cannot reach the token service');
  t.match(await town.scene(ann, () => ann.taps('retry:')), 'You said hi');
  await town.scene(ann, () => ann.says('more'));
  const poor = await town.scene(ann, () => ann.says('too much'));
  t.match(poor, /takes 5 tokens and you have 2: 3 short/);
  t.match(poor, '[500 tokens · ⭐ 300]');
  t.same(town.balance(ann), { available: 2, reserved: 0, total: 2 });
});

t.test('a rate limit says which, when it ends, and keeps the request', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone('ru', 1000);
  for (let n = 0; n < 10; n++) await town.scene(ann, () => ann.says(`${n}`));
  const refused = await town.scene(ann, () => ann.says('одиннадцатый'));
  t.match(refused, /Ваш тариф позволяет 10 запросов в минуту. Следующий — через (\d+ секунд|1 минуту)/);
  t.match(refused, '[▶️ Отправить снова: одиннадцатый]');
  t.equal(town.balance(ann).total, 950);
});

t.test('failed work gives the tokens back and says so; Retry does it as a new operation', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone('en', 10);
  await town.scene(ann, () => ann.says('/help'));
  town.ai.status = 500;
  t.match(
    await town.scene(ann, () => ann.says('hi')),
    /did not work\. Your 5 tokens are back\. You have 10 now/,
  );
  t.match(await town.scene(ann, () => ann.says('/image x')), /did not work\. Your 10 tokens are back/);
  town.ai.status = 200;
  town.ai.breakAfterWords = 1;
  t.match(await town.scene(ann, () => ann.says('one two three')), /did not work\. Your 5 tokens are back/);
  town.ai.breakAfterWords = 99;
  const again = await town.scene(ann, () => ann.taps('retry:'));
  t.match(again, /You said one two three.*5 tokens · 5 left/s);
  const keys = town.service.requests.filter((one) => one.path === '/tokens/reserve').map((one) => one.key);
  t.equal(new Set(keys).size, keys.length);
  t.match(keys.at(-1), /^tg:777:\d+:2$/, 'the second attempt of that update');
});

t.test('Stop before the first word is free; after it, half the price rounded up', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone('en', 20);
  await town.scene(ann, () => ann.says('/help'));
  town.ai.wordMs = 5_000;
  town.ai.answer = () => ' \n late words';
  ann.says('slow one');
  await town.until(() => town.chat(ann).includes('[⏹ Stop]'));
  t.match(await town.scene(ann, () => ann.taps('stop:')), '');
  t.match(town.chat(ann), 'Stopped before the first word, so it cost nothing. You have 20 now.');
  town.ai.answer = () => 'First words come';
  ann.says('again');
  await town.until(() => town.telegram.world.drafts.get(ann.id)?.includes('First') === true);
  ann.taps('stop:');
  await town.until(() => town.chat(ann).includes('3 tokens'));
  t.match(town.chat(ann), /First *\n\n⏹ stopped\n\n3 tokens · 17 left/);
  await town.until(() => town.balance(ann).total === 17);
  ann.says('once more');
  await town.until(() => town.chat(ann).includes('[⏹ Stop]'));
  ann.says('/cancel');
  await town.until(() => !town.chat(ann).includes('[⏹ Stop]'));
  await town.quiet();
  t.equal(town.balance(ann).reserved, 0);
});
