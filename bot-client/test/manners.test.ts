/** Who is a user and what is a question: channels, other bots' words, pictures, blanks and strange names. */
import t from 'tap';
import { mentionOf } from '../src/commands/addressed.js';
import { Town } from './support/town.js';

const GROUP = -5;
const CHANNEL = { id: -1001, type: 'channel', username: 'farebox_news' };

t.test('channels, their forwards and anonymous admins are nobody: no account, no word', async (t) => {
  const town = await Town.open(t);
  town.telegram.group(GROUP, 'Friends');
  const { world } = town.telegram;
  const ann = await town.someone('en', 0);
  const telegram = { id: 777_000, is_bot: false, first_name: 'Telegram' };
  const anonymous = { id: 1_087_968_824, is_bot: true, first_name: 'Group' };
  const text = '@farebox_bot hello';
  for (const content of [
    { text, from: telegram, sender_chat: CHANNEL, is_automatic_forward: true },
    { text, from: telegram },
    { text, from: anonymous, sender_chat: { id: GROUP, type: 'supergroup' } },
    { text, sender_chat: CHANNEL },
    { text: '/start', is_automatic_forward: true },
  ])
    ann.sends(content, GROUP);
  await town.quiet();
  t.same(
    world.messages.get(GROUP)?.filter(({ message }) => message.from.id === world.bot.id),
    [],
  );
  t.same(town.gate.calls(/users|reserve/), []);
  t.match(await town.scene(ann, () => ann.says(text, { chatId: GROUP }), GROUP), 'This takes 5 tokens');
});

t.test('a mention is a whole word', (t) => {
  const mention = mentionOf('farebox_bot');
  for (const text of [
    '@farebox_bot hi',
    '(@farebox_bot) hi',
    'hi @Farebox_Bot.',
    'hi, @farebox_bot!',
    '«@farebox_bot»',
  ])
    t.match(text, mention);
  for (const text of [
    '@farebox_bot.org',
    'me@farebox_bot',
    '@farebox_bots',
    '@farebox_bot_2',
    't.me/@farebox_bot',
    '@farebox_botик',
  ])
    t.notMatch(text, mention);
  t.end();
});

t.test('a first name that the service refuses is dropped, not the command', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  ann.user.first_name = 'A\u0007nn';
  t.match(await town.scene(ann, () => ann.says('/start')), 'Join our channel');
  t.match(await town.scene(ann, () => ann.says('/balance')), 'Plan: Gift');
  t.notMatch(town.lines.join(''), '"error"');
});

t.test('a button that names nothing of ours is unknown, without an error', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  await town.scene(ann, () => ann.says('/terms'));
  const message = ann.sees().at(-1)?.message;
  if (message === undefined) throw new Error('no message');
  for (const data of ['toString:x', '__proto__', 'constructor', 'nothing', 'lang:de', ''])
    await town.scene(ann, () => ann.tapButton(message, { text: 'x', callback_data: data }));
  const notices = [...town.telegram.world.taps.values()].map((tap) => tap.text);
  t.same(notices, Array(6).fill('I no longer know this button.'));
  t.match(await town.scene(ann, () => ann.says('/toString')), 'I do not know that command');
  t.notMatch(town.lines.join(''), '"error"');
});

t.test('an album is spoken of once, and blanks and paths are told from commands', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  const photo = [{ file_id: 'x', file_unique_id: 'x', width: 1, height: 1 }];
  const album = { photo, media_group_id: '1' };
  const seen = await town.scene(ann, () => {
    ann.sends({ ...album, caption: 'what is this' });
    ann.sends(album);
    ann.sends(album);
  });
  t.equal(seen.split('I cannot see the picture').length, 2);
  t.match(seen, 'You said what is this');
  t.notMatch(seen, 'I read text only');
  await town.scene(ann, () => ann.sends({ ...album, media_group_id: '2' }));
  await town.scene(ann, () => ann.sends({ ...album, media_group_id: '2' }));
  t.equal(town.chat(ann).split('I read text only').length, 2);
  t.match(await town.scene(ann, () => ann.says('/usr/bin: what is it?')), 'You said /usr/bin');
  const asked = town.ai.requests.length;
  for (const blank of ['\u2800', '\u3164', '/chat \u200b', '/image \u2060'])
    t.notMatch(await town.scene(ann, () => ann.says(blank)), 'You said');
  t.equal(town.ai.requests.length, asked);
  t.same(await town.scene(ann, () => ann.sends({ pinned_message: {} })), 'Ann: ', 'a service message');
});
