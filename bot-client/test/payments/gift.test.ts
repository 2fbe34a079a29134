import t from 'tap';
import { Town, userOf } from '../support/town.js';

const CHANNEL = -1001;

t.test('the gift: what Telegram does not know is neither given nor taken', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  t.match(
    await town.scene(ann, () => ann.says('/start')),
    /\[📣 Open the channel ↗\]\n {2}\[✅ I have joined\]/,
  );
  const plans = await town.scene(ann, () => ann.says('/upgrade'));
  t.match(plans, /get 100 tokens every month, free\..*\[📣 Open the channel ↗\]\n {2}\[✅ I have joined\]/s);
  t.match(await town.scene(ann, () => ann.taps('joined')), 'do not see you in the channel yet');
  const unknown = () =>
    town.telegram.faults.order({
      method: 'getChatMember',
      kind: 'refuse',
      description: 'Bad Request: member list is inaccessible',
    });
  unknown();
  const before = town.gate.passed.length;
  t.match(await town.scene(ann, () => ann.taps('joined')), 'could not tell me');
  t.equal(town.gate.passed.length, before, 'the service was told nothing');
  town.telegram.world.members.set(`${CHANNEL}:${ann.id}`, 'member');
  t.match(await town.scene(ann, () => ann.taps('joined')), 'Thank you for joining: 100 tokens');
  unknown();
  t.match(await town.scene(ann, () => ann.taps('joined')), 'could not tell me');
  const { channelSubscribedAt } = await town.service.billing.user(userOf(ann));
  t.ok(channelSubscribedAt, 'still joined');
});

t.test(
  'joining gives once, by the channel’s own report; leaving is passed on; another channel is not ours',
  async (t) => {
    const town = await Town.open(t);
    town.telegram.channel(-2002, 'another');
    const ann = await town.someone('en', 0);
    await town.scene(ann, () => ann.says('/start'));
    await town.scene(ann, () => ann.joins(-2002));
    t.equal((await town.balance(ann)).total, 0);
    // The service is away at that moment: it is told as soon as it is back.
    town.gate.order({ path: /channel-subscription/, kind: 'status', times: 4 });
    t.match(await town.scene(ann, () => ann.joins(CHANNEL)), 'Thank you for joining: 100 tokens');
    await town.scene(ann, () => ann.joins(CHANNEL, 'left'));
    t.equal((await town.service.billing.user(userOf(ann))).channelSubscribedAt, null);
    t.equal(
      await town.scene(ann, () => ann.joins(CHANNEL)),
      '',
      'one gift a period, however often they come and go',
    );
    t.equal((await town.balance(ann)).total, 100);
  },
);

t.test('someone who left or joined unseen: looked up again at /balance', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  await town.scene(ann, () => ann.says('/start'));
  const { members } = town.telegram.world;
  members.set(`${CHANNEL}:${ann.id}`, 'member');
  t.match(await town.scene(ann, () => ann.says('/balance')), '💰 100 tokens');
  members.set(`${CHANNEL}:${ann.id}`, 'left');
  const seen = await town.scene(ann, () => ann.says('/balance'));
  t.match(seen, 'Join our channel');
  t.equal((await town.service.billing.user(userOf(ann))).channelSubscribedAt, null);
});

t.test('a newcomer without tokens is offered the gift in that very message', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  const seen = await town.scene(ann, () => ann.says('hello'));
  t.match(seen, /This takes 5 tokens and you have 0.*Join our channel.*Open the channel.*I have joined/s);
});

t.test('/terms and /paysupport say what the operator has set', async (t) => {
  const town = await Town.open(t, { TERMS_TEXT: 'Be kind.\\nPay.', PAYSUPPORT_TEXT: 'Call us.' });
  const ann = await town.someone();
  t.match(await town.scene(ann, () => ann.says('/terms')), 'BOT: Be kind.\nPay.');
  t.match(await town.scene(ann, () => ann.says('/paysupport')), 'BOT: Call us.');
});
