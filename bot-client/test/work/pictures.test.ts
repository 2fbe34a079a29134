/** Pictures that Telegram does not take as they are, chats that take none, and a group that moves. */
import t from 'tap';
import { Town } from '../support/town.js';

const GROUP = -5;
const SUPERGROUP = -1_005;

t.test('a picture that Telegram refuses comes as a file; one 502 is tried again', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 100);
  const wide = Buffer.from(town.ai.picture);
  wide.writeUInt32BE(9_000, 16);
  [town.ai.picture] = [wide];
  t.match(await town.scene(ann, () => ann.says('/image a road')), '<document> 10 tokens · 90 left');
  wide.writeUInt32BE(2, 16);
  const refuse = { method: 'sendPhoto', kind: 'refuse' } as const;
  town.telegram.faults.order({ ...refuse, code: 413, description: 'Request Entity Too Large' });
  t.match(await town.scene(ann, () => ann.says('/image a town')), '<document> 10 tokens · 80 left');
  town.telegram.faults.order({ ...refuse, code: 502, description: 'Bad Gateway' });
  t.match(await town.scene(ann, () => ann.says('/image a fox')), '<photo> 10 tokens · 70 left');
  town.telegram.faults.order({ ...refuse, code: 502, description: 'Bad Gateway', times: 2 });
  t.match(await town.scene(ann, () => ann.says('/image a hare')), 'did not work. Your 10 tokens are back');
  const before = town.telegram.calls('sendPhoto').length;
  town.telegram.faults.order({ method: 'sendPhoto', kind: 'lose-reply' });
  t.match(
    await town.scene(ann, () => ann.says('/image a bear')),
    'did not confirm that my answer reached you',
  );
  t.equal(town.telegram.calls('sendPhoto').length, before + 1, 'never twice after an unknown outcome');
});

t.test('where pictures are forbidden that is said before any is paid for', async (t) => {
  const town = await Town.open(t);
  town.telegram.group(GROUP, 'Friends');
  const { world } = town.telegram;
  world.members.set(`${GROUP}:${world.bot.id}`, 'member');
  Object.assign(world.chat(GROUP), { permissions: { can_send_photos: false } });
  const ann = await town.someone('en', 100);
  const seen = await town.scene(ann, () => ann.says('/image a fox', { chatId: GROUP }), GROUP);
  t.match(seen, 'Pictures are not allowed in this chat, so I did not draw.');
  t.same([town.ai.requests.length, town.gate.calls(/reserve/).length], [0, 0]);
  world.members.set(`${GROUP}:${world.bot.id}`, 'administrator');
  t.match(await town.scene(ann, () => ann.says('/image a fox', { chatId: GROUP }), GROUP), '<photo>');
});

t.test('a group that moves while its answer is written gets it where it is now', async (t) => {
  const town = await Town.open(t);
  town.telegram.group(GROUP, 'Friends');
  const ann = await town.someone('en', 100);
  let answer: () => void = () => undefined;
  town.ai.onAsked = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  ann.says('@farebox_bot hello', { chatId: GROUP });
  await town.until(() => town.ai.requests.length === 1);
  town.telegram.migrate(GROUP, SUPERGROUP);
  answer();
  await town.quiet();
  t.match(town.chat(ann, 0, SUPERGROUP), 'BOT: You said hello\n\n5 tokens · 95 left');
  t.equal((await town.balance(ann)).total, 95);
});
