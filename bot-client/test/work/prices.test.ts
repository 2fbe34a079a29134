/** What an answer costs: the operation's price, or by setting what the model used. Pictures, however they come. */
import t from 'tap';
import type { Person } from '../fake-telegram/person.js';
import { Town, userOf } from '../support/town.js';

const RATE = 100;
const tokens = (llmTokens: number) => Math.max(1, Math.ceil((llmTokens * RATE) / 1000));
const bytesOf = (texts: string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** The newest charge in the ledger, and what had been held for it. */
async function charge(town: Town, ann: Person): Promise<{ held: number; charged: number }> {
  const [newest] = await town.service.entries(userOf(ann), 'charge');
  const { amount, charged } = await town.service.billing.reservation(String(newest?.reservationId));
  return { held: amount, charged };
}

t.test('chat by usage: an upper bound is held, what the model used is charged', async (t) => {
  const town = await Town.open(t, { CHAT_TOKENS_PER_1K: String(RATE) });
  const ann = await town.someone('en', 300);
  const answer = await town.scene(ann, () => ann.says('hello there'));
  // Ten for the prompt, and four words.
  t.match(answer, /You said hello there\n\n2 tokens · 298 left/);
  const { held, charged } = await charge(town, ann);
  t.equal(charged, tokens(14));
  const asked = town.ai.requests.at(-1)?.body.messages.map((message) => message.content) ?? [];
  t.ok(held >= tokens(bytesOf(asked) + 1_024), 'no tokeniser makes more of it than its bytes');
  t.match(town.ai.requests.at(-1)?.body, { stream_options: { include_usage: true } });
  t.same(await town.balance(ann), { available: 298, reserved: 0, total: 298 });
});

t.test('chat by usage, stopped after the first word: what was used until then', async (t) => {
  const town = await Town.open(t, { CHAT_TOKENS_PER_1K: String(RATE) });
  const ann = await town.someone('en', 300);
  town.ai.wordMs = 600_000;
  town.ai.answer = () => 'First words come';
  ann.says('tell me');
  await town.until(() => town.telegram.world.drafts.get(ann.id)?.includes('First') === true);
  ann.taps('stop:');
  await town.quiet();
  const asked = town.ai.requests.at(-1)?.body.messages.map((message) => message.content) ?? [];
  const used = tokens(bytesOf([...asked, 'First ']) / 4);
  t.match(town.chat(ann), `⏹ stopped\n\n${used} tokens · ${300 - used} left`);
  t.equal((await charge(town, ann)).charged, used);
});

t.test(
  'chat by usage: a picture keeps its price, and without enough for the bound nothing begins',
  async (t) => {
    const town = await Town.open(t, { CHAT_TOKENS_PER_1K: String(RATE) });
    const ann = await town.someone('en', 15);
    t.match(await town.scene(ann, () => ann.says('/image x')), '<photo> 10 tokens · 5 left');
    t.match(await town.scene(ann, () => ann.says('hello')), /This takes \d{3} tokens and you have 5/);
    t.notOk(town.ai.requests.some((request) => request.path.includes('chat')));
  },
);

t.test(
  'a picture comes as bytes or as an address; an address that gives nothing costs nothing',
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 30);
    t.match(await town.scene(ann, () => ann.says('/image a fox')), '<photo> 10 tokens');
    town.ai.imagesByUrl = true;
    t.match(await town.scene(ann, () => ann.says('/image a hare')), '<photo> 10 tokens');
    const [first, second] = [...town.telegram.world.files.values()];
    t.ok(first !== undefined && second !== undefined && first.bytes.equals(second.bytes));
    town.ai.picturePath = '/gone.png';
    t.match(await town.scene(ann, () => ann.says('/image a wolf')), 'did not work. Your 10 tokens are back.');
    t.same(await town.balance(ann), { available: 10, reserved: 0, total: 10 });
  },
);

t.test('what is for sale, and for how much, is what the service says', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  const put = (path: string, body: object) => town.service.admin.put(path, body);
  await put('/packs/pack-taste', { name: 'A taste', tokens: 7, prices: [{ currency: 'XTR', amount: 5 }] });
  const price = [{ currency: 'XTR', amount: 333 }];
  await put('/packs/pack-500', { name: '500 tokens', tokens: 500, prices: price });
  await put('/operations/image_generation', { name: 'Image', price: 12 });
  // What it heard before is good for half a minute.
  await town.stopBot();
  await town.startBot();
  const plans = await town.scene(ann, () => ann.says('/upgrade'));
  t.match(plans, 'A taste: 7 tokens, once — ⭐ 5\n500 tokens, once — ⭐ 333\n');
  t.match(await town.scene(ann, () => ann.says('/help')), '/image draw a picture (12 tokens)');
  t.match(await town.scene(ann, () => ann.says('/image x')), '<photo> 12 tokens · 88 left');
});
