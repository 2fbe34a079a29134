import t from 'tap';
import { Memory } from '../../src/work/memory.js';
import { Town } from '../support/town.js';

t.test('memory is bounded: by turns, by length, and by conversations', (t) => {
  const memory = new Memory();
  for (let n = 0; n < 100; n++) memory.remember('a', `question ${n}`, `answer ${n}`);
  t.equal(memory.recall('a').length, 40);
  t.equal(memory.recall('a').at(-1)?.content, 'answer 99');
  for (let n = 0; n < 3; n++) memory.remember('b', 'x'.repeat(5_000), 'y'.repeat(1_000));
  t.equal(memory.recall('b').length, 4, 'a question goes with its answer');
  memory.remember('c', 'x'.repeat(100_000), 'y');
  t.equal(memory.recall('c').length, 2, 'the last exchange stays, whatever its length');
  for (let n = 0; n < 6_000; n++) memory.remember(`place ${n}`, 'q', 'a');
  t.same(memory.recall('a'), [], 'the longest unused goes first');
  t.equal(memory.recall('place 5999').length, 2);
  t.end();
});

t.test('in a group each has a memory of their own, in each thread; /forget and /new end it', async (t) => {
  const town = await Town.open(t);
  const [ann, bob] = [await town.someone(), await town.someone()];
  town.telegram.group(-5, 'Friends');
  const remembered = () => (town.ai.requests.at(-1)?.body.messages.length ?? 0) - 2;
  const says = async (who: typeof ann, text: string, threadId: number) => {
    await town.scene(who, () => who.says(text, { chatId: -5, threadId }), -5);
    return remembered();
  };
  t.equal(await says(ann, '@farebox_bot one', 7), 0);
  t.equal(await says(ann, '@farebox_bot two', 7), 2);
  t.equal(await says(bob, '@farebox_bot three', 7), 0, 'not somebody else’s');
  t.equal(await says(ann, '@farebox_bot four', 8), 0, 'not another thread’s');
  await town.scene(ann, () => ann.says('/forget', { chatId: -5, threadId: 7 }), -5);
  t.equal(await says(ann, '@farebox_bot five', 7), 0);
  t.equal(await says(bob, '@farebox_bot six', 7), 2);
  await town.scene(bob, () => bob.says('/new', { chatId: -5, threadId: 7 }), -5);
  t.equal(await says(bob, '@farebox_bot seven', 7), 0);
});
