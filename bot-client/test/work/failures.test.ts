/** Work that fails or is stopped. */
import t from 'tap';
import { Town } from '../support/town.js';

t.test('failed work gives the tokens back and says so; Retry does it as a new operation', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 10);
  await town.scene(ann, () => ann.says('/help'));
  town.ai.status = 500;
  t.match(
    await town.scene(ann, () => ann.says('hi')),
    /did not work\. Your 5 tokens are back\. You have 10 now/,
  );
  t.match(await town.scene(ann, () => ann.says('/image x')), /did not work\. Your 10 tokens are back/);
  town.ai.status = 200;
  town.ai.breakAfterWords = 1;
  t.match(
    await town.scene(ann, () => ann.says('one two three')),
    /(did not work|broke off here)\. Your 5 tokens are back/,
  );
  town.ai.breakAfterWords = 99;
  const again = await town.scene(ann, () => ann.taps('retry:'));
  t.match(again, /You said one two three.*5 tokens · 5 left/s);
  const keys = town.gate.calls(/reserve/).map((call) => call.key);
  t.equal(new Set(keys).size, keys.length);
  t.match(keys.at(-1), /^tg:777:\d+:2$/, 'the second attempt of that update');
});

t.test(
  'a button tapped twice is one order, and the second tap is told so; later it is another',
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 100);
    await town.scene(ann, () => ann.says('hi'));
    let answer: () => void = () => undefined;
    town.ai.onAsked = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const tap = ann.finger('retry:');
    tap();
    await town.until(() => town.ai.requests.length === 2);
    tap();
    await town.until(() => town.telegram.calls('answerCallbackQuery').length === 2);
    t.match(town.telegram.calls('answerCallbackQuery').at(-1)?.params, { text: 'I am on it already.' });
    town.ai.onAsked = async () => undefined;
    answer();
    await town.quiet();
    t.same(await town.balance(ann), { available: 90, reserved: 0, total: 90 });
    await town.scene(ann, tap);
    t.same(await town.balance(ann), { available: 85, reserved: 0, total: 85 });
  },
);

t.test('Stop before the first word is free; after it, half the price rounded up', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 20);
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
  await town.until(async () => (await town.balance(ann)).total === 17);
  ann.says('once more');
  await town.until(() => town.chat(ann).includes('[⏹ Stop]'));
  ann.says('/cancel');
  await town.until(() => !town.chat(ann).includes('[⏹ Stop]'));
  await town.quiet();
  t.equal((await town.balance(ann)).reserved, 0);
});
