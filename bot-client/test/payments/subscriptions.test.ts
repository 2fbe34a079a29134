/** What Telegram renews: told, ended, resumed; never two at once, and none after its money went back. */
import t from 'tap';
import type { Person } from '../fake-telegram/person.js';
import type { Invoice } from '../fake-telegram/types.js';
import { Town } from '../support/town.js';

t.jobs = 3;
const BESIDE = { buffered: true };
const times = (chat: string, words: string) => chat.split(words).length - 1;

/** Subscribes as people do, and answers what Telegram keeps of it. */
async function subscribes(
  town: Town,
  ann: Person,
  tier: string,
): Promise<{ invoice: Invoice; chargeId: string; offer: string }> {
  await town.scene(ann, () => ann.says('/upgrade'));
  const offer = await town.scene(ann, () => ann.taps(`buy:tier:${tier}`));
  const link = String(ann.sees().at(-1)?.message.reply_markup?.inline_keyboard?.[0]?.[0]?.url);
  const invoice = town.telegram.world.links.get(link);
  const { chargeId } = await ann.pays(link);
  await town.quiet();
  if (invoice === undefined || chargeId === undefined) throw new Error('nothing was paid');
  return { invoice, chargeId, offer };
}
const kept = (town: Town, ann: Person, invoice: Invoice) =>
  town.telegram.world.subscriptions.get(`${ann.id} ${invoice.payload}`);

t.test(
  'ended, resumed or not charged in Telegram: told once each, whatever is redelivered',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 0);
    const { invoice } = await subscribes(town, ann, 'professional');
    const sent: number[] = [];
    for (const [state, words] of [
      ['canceled', 'You ended your subscription to Professional: nothing more is charged. It ends on '],
      ['active', 'Professional renews itself again.'],
      ['failed', 'Telegram could not charge you for the next month of Professional. It ends on '],
    ] as const)
      t.match(await town.scene(ann, () => sent.push(ann.subscription(invoice, state))), words);
    const before = town.chat(ann);
    for (const restart of [false, true]) {
      if (restart) {
        await town.stopBot();
        await town.startBot();
      }
      for (const id of sent) town.telegram.world.feed.redeliver(id);
      await town.quiet();
    }
    t.equal(town.chat(ann), before);
    t.match(
      await town.scene(ann, () => ann.says('/upgrade')),
      'Professional was not renewed: Telegram could not charge you',
    );
  },
);

t.test('/upgrade shows what renews, ends it and resumes it, in both languages', BESIDE, async (t) => {
  const town = await Town.open(t);
  for (const [lang, renews, stop, ended, resume] of [
    [
      'en',
      'Professional renews itself on ',
      'Stop renewing',
      'does not renew itself; it ends on ',
      'Renew Professional again',
    ],
    ['ru', 'Professional продлится ', 'Не продлевать', 'не продлевается; закончится ', 'Снова продлевать'],
  ] as const) {
    const ann = await town.someone(lang, 0);
    const { invoice } = await subscribes(town, ann, 'professional');
    t.match(await town.scene(ann, () => ann.says('/upgrade')), renews);
    t.match(await town.scene(ann, () => ann.taps(stop)), ended);
    t.equal(kept(town, ann, invoice)?.isEndedByBot, true);
    t.match(await town.scene(ann, () => ann.says('/upgrade')), ended);
    t.match(await town.scene(ann, () => ann.taps(resume)), renews);
    t.equal(kept(town, ann, invoice)?.isEndedByBot, false);
    await town.scene(ann, () => ann.says('/upgrade'));
    town.telegram.faults.order({
      method: 'editUserStarSubscription',
      kind: 'refuse',
      code: 400,
      description: 'x',
    });
    t.match(await town.scene(ann, () => ann.taps(stop)), /did not change the renewal|не изменил продление/);
  }
});

t.test('another plan ends the first, and says so before and where it cannot', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  const first = await subscribes(town, ann, 'professional');
  const second = await subscribes(town, ann, 'business');
  t.match(
    second.offer,
    'Your subscription to Professional will not renew any more once you pay for Business.',
  );
  t.equal(kept(town, ann, first.invoice)?.isEndedByBot, true);
  t.equal(kept(town, ann, second.invoice)?.isEndedByBot, false);
  const bob = await town.someone('en', 0);
  await subscribes(town, bob, 'professional');
  town.telegram.faults.order({
    method: 'editUserStarSubscription',
    kind: 'refuse',
    code: 400,
    description: 'x',
  });
  await subscribes(town, bob, 'business');
  t.match(town.chat(bob), 'Your subscription to Professional still renews: I could not end it.');
  t.match(town.chat(bob), 'You are on Business', 'credited all the same');
});

t.test('/refund of its payment ends it, too', BESIDE, async (t) => {
  const town = await Town.open(t);
  const boss = town.telegram.person(99, 'Boss');
  await town.scene(boss, () => boss.says('/start'));
  const ann = await town.someone('en', 0);
  const { invoice, chargeId } = await subscribes(town, ann, 'professional');
  await town.scene(boss, () => boss.says(`/refund ${ann.id} ${chargeId}`));
  await town.shows(ann, 'Your payment was refunded');
  t.equal(kept(town, ann, invoice)?.isEndedByBot, true);
  t.equal(times(await town.scene(ann, () => ann.says('/upgrade')), 'renews itself on'), 0);
});
