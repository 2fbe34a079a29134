/** Updates come at least once; each is worked once. */
import t from 'tap';
import type { Person } from './fake-telegram/person.js';
import { Town, userOf } from './support/town.js';

const CHANNEL = -1001;

/** Everything that could tell that an update was worked a second time. */
async function picture(town: Town, ann: Person): Promise<unknown> {
  const { reserved, total } = await town.balance(ann);
  const lines = await town.service.entries(userOf(ann));
  const payments = await town.service.billing.payments(userOf(ann), 'telegram_stars');
  const { tier } = await town.service.billing.user(userOf(ann));
  return {
    chat: town.chat(ann),
    reserved,
    total,
    lines: lines.length,
    payments: payments.items.length,
    tier,
  };
}

t.test(
  'every kind of update, redelivered, changes nothing a second time, also after a restart',
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 100);
    const sent = new Map<string, number>();
    const act = async (name: string, updateId: number) => {
      sent.set(name, updateId);
      await town.quiet();
    };
    await act('command', ann.says('/start'));
    await act('chat', ann.says('hello'));
    await act('picture', ann.says('/image x'));
    await act('member joins', ann.joins(CHANNEL));
    await act('tap', ann.taps('retry:'));
    await act('tap that checks', ann.taps('joined'));
    await town.scene(ann, () => ann.says('/upgrade'));
    await act('tap that buys', ann.taps('buy:pack:pack-500'));
    const paid = await ann.pays();
    await act('payment', Number(paid.updateId));
    sent.set('pre-checkout', Number(paid.preCheckoutId));
    const boss = town.telegram.person(99, 'Boss');
    await town.scene(boss, () => boss.says('/start'));
    await act('admin grants', boss.says(`/grant ${ann.id} 7`));
    await act('admin refunds', boss.says(`/refund ${ann.id} ${paid.chargeId}`));
    sent.set('money back', town.telegram.world.feed.newest('message'));
    await act('member leaves', ann.joins(CHANNEL, 'left'));

    const before = await picture(town, ann);
    const again = async () => {
      for (const [name, updateId] of sent) {
        town.telegram.world.feed.redeliver(updateId);
        await town.quiet();
        t.same(await picture(town, ann), before, name);
      }
    };
    await again();
    await town.stopBot();
    await town.startBot();
    await again();
    const answers = town.telegram.calls('answerPreCheckoutQuery').filter((call) => call.error === undefined);
    t.equal(answers.length, 1, 'the payer was answered once');
  },
);

/** Kinds the bot does not ask for: if they were turned on elsewhere, they must cause no crash and no charge. */
const UNASKED = [
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'my_chat_member',
  'message_reaction',
  'inline_query',
  'poll',
  'purchased_paid_media',
  'chat_join_request',
];

t.test(
  'by webhook: only with the secret, accepted once; what was not asked for changes nothing',
  async (t) => {
    const town = await Town.open(t);
    await town.stopBot();
    const url = 'http://127.0.0.1/hook';
    const secret = 'a-secret-of-sixteen-or-more';
    const ann = await town.someone();
    await town.startBot({ WEBHOOK_URL: url, WEBHOOK_SECRET: secret, WEBHOOK_PORT: '0' });
    const at = `http://127.0.0.1:${town.bot?.webhookPort}/hook`;
    await town.until(() => town.telegram.world.feed.webhook !== undefined);
    town.telegram.world.feed.webhook = { url: at, secret };
    const hello = ann.says('hello');
    await town.shows(ann, 'You said hello');
    await town.quiet();
    t.equal(town.telegram.world.feed.pushed[0]?.status, 200);

    const signed = { 'x-telegram-bot-api-secret-token': secret };
    const push = async (body: unknown, headers: Record<string, string> = signed) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return (await fetch(at, { method: 'POST', body: text, headers })).status;
    };
    const message = {
      message_id: 1,
      date: 1,
      chat: { id: ann.id, type: 'private' },
      from: ann.user,
      text: 'x',
    };
    t.equal(await push({ update_id: 5, message }, {}), 401);
    t.equal(await push({ update_id: 5, message }, { 'x-telegram-bot-api-secret-token': 'wrong' }), 401);
    t.equal(await push('nonsense'), 400);
    const before = await picture(town, ann);
    town.telegram.world.feed.redeliver(hello);
    for (const [index, kind] of UNASKED.entries()) {
      const update = { update_id: 50 + index, [kind]: message };
      t.same([await push(update), await push(update)], [200, 200], kind);
    }
    await town.quiet();
    t.same(await picture(town, ann), before);
    t.notMatch(town.lines.join(''), /"error"/);
  },
);

t.test('one person’s messages are answered in order, also across a restart', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 100);
  await town.scene(ann, () => ann.says('/terms'));
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  town.ai.onAsked = () => held;
  for (const word of ['one', 'two', 'three', 'four']) ann.says(word);
  await town.until(() => town.ai.requests.length === 1);
  await town.until(() => town.telegram.world.feed.pending === 0);
  // What runs is ended and given back; what waited is worked by the next start.
  await town.stopBot(0);
  release();
  await town.startBot();
  await town.shows(ann, 'You said four');
  await town.quiet();
  const said = [...town.chat(ann).matchAll(/You said (\w+)/g)].map((found) => found[1]);
  t.same(said, ['two', 'three', 'four']);
  t.match(town.chat(ann), 'I was restarted while working on your request. Your 5 tokens are back.');
  t.equal((await town.balance(ann)).total, 85);
});
