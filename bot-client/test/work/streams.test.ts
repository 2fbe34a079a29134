/** How a stream ends: whole, cut by the AI, or broken off. */
import t from 'tap';
import { Town } from '../support/town.js';

t.test('a stream that just ends was broken off: shown as such, given back, and not remembered', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 20);
  town.ai.ending = 'none';
  t.match(
    await town.scene(ann, () => ann.says('one two')),
    'BOT: You said one two\n\n⚠️ The answer broke off here. Your 5 tokens are back. You have 20 now.\n  [🔁 Retry]',
  );
  town.ai.ending = 'both';
  await town.scene(ann, () => ann.says('three'));
  t.notMatch(JSON.stringify(town.ai.requests.at(-1)?.body.messages), 'one two');
  t.equal((await town.balance(ann)).total, 15);
});

t.test('an end by its reason alone is whole', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 20);
  town.ai.ending = 'reason';
  t.match(await town.scene(ann, () => ann.says('one')), 'You said one\n\n5 tokens · 15 left');
});

t.test('what the AI cut is said and charged; what its filter kept back altogether is free', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 20);
  town.ai.finishReason = 'length';
  t.match(
    await town.scene(ann, () => ann.says('one')),
    'as long as one answer gets. Write “go on” for more.\n\n5 tokens',
  );
  town.ai.finishReason = 'content_filter';
  t.match(await town.scene(ann, () => ann.says('two')), 'own filter cut it off here.\n\n5 tokens · 10 left');
  town.ai.answer = () => '';
  t.match(
    await town.scene(ann, () => ann.says('x')),
    'filter refused to answer this. Your 5 tokens are back. You have 10 now.',
  );
});
