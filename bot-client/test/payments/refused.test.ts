/** Payments that the service refuses for good: told once, in nobody's way, and ended by an admin. */
import t, { type Test } from 'tap';
import type { Person } from '../fake-telegram/person.js';
import { Town, userOf } from '../support/town.js';

const OLD = { title: 'Old', description: 'Old', payload: 'old-plan', currency: 'XTR', amount: 5 };
const PACK = { ...OLD, payload: 'pack:pack-500', amount: 300 };
const REFUSED = 'the token service does not accept it, so nothing was credited';

async function opened(t: Test): Promise<{ town: Town; ann: Person; boss: Person }> {
  const town = await Town.open(t, { SUPPORT_CONTACT: '@care' });
  const boss = town.telegram.person(99, 'Boss');
  const ann = await town.someone('en', 0);
  await town.scene(boss, () => boss.says('/start'));
  await town.scene(ann, () => ann.says('/start'));
  return { town, ann, boss };
}
const times = (chat: string, words: string) => chat.split(words).length - 1;

t.test('a refused payment holds up no other, and is told once, also over a restart', async (t) => {
  const { town, ann, boss } = await opened(t);
  const { chargeId } = ann.charged(OLD, true);
  await town.quiet();
  ann.charged(PACK, true);
  await town.shows(ann, 'Thank you! 500 tokens added.');
  await town.stopBot();
  await town.startBot({ SUPPORT_CONTACT: '@care' });
  await town.until(
    () => town.gate.calls(/^\/payments$/).filter((call) => call.key?.includes(chargeId)).length > 1,
  );
  await town.quiet();
  t.equal(times(town.chat(ann), REFUSED), 1);
  t.match(town.chat(ann), 'Please write to @care');
  t.equal(times(town.chat(boss), `The service refuses payment:telegram_stars:${chargeId}`), 1);
  t.match(await town.scene(boss, () => boss.says('/errands')), `${chargeId}\n${userOf(ann)}: `);
  await town.scene(boss, () => boss.says(`/drop payment:telegram_stars:${chargeId}`));
  t.match(await town.scene(boss, () => boss.says('/errands')), 'Nothing waits');
  t.match(await town.scene(ann, () => ann.says('/errands')), 'I do not know that command');
});

t.test('what becomes final later is told then', async (t) => {
  const { town, ann, boss } = await opened(t);
  town.gate.order({ path: /^\/payments$/, kind: 'status', times: 4 });
  ann.charged(OLD, true);
  await town.shows(ann, 'Your payment arrived and is kept safe.');
  t.notMatch(town.chat(boss), 'The service refuses');
  await town.shows(ann, REFUSED);
  await town.quiet();
  t.equal(times(town.chat(boss), 'The service refuses'), 1);
});

t.test('/refund gives a refused payment back, and ends it', async (t) => {
  const { town, ann, boss } = await opened(t);
  const { chargeId } = ann.charged(OLD, true);
  await town.quiet();
  await town.scene(boss, () => boss.says(`/refund ${ann.id} ${chargeId}`));
  await town.shows(ann, 'Your payment was refunded');
  t.equal(town.telegram.world.charges.get(chargeId)?.refunded, true);
  t.match(await town.scene(boss, () => boss.says('/errands')), 'Nothing waits');
  t.same(town.gate.calls(/refund/), [], 'the service never had it');
});

t.test('a refund the service does not know of is told to both', async (t) => {
  const { town, ann, boss } = await opened(t);
  const { chargeId } = ann.charged(OLD, true);
  await town.quiet();
  await town.scene(boss, () => boss.says(`/drop payment:telegram_stars:${chargeId}`));
  town.telegram.world.feed.add('message', {
    ...ann.sees().at(-1)?.message,
    from: ann.user,
    refunded_payment: {
      currency: 'XTR',
      total_amount: 5,
      invoice_payload: 'x',
      telegram_payment_charge_id: chargeId,
    },
  });
  await town.shows(ann, 'the token service could not book that');
  await town.shows(boss, `The service refuses payment-refund:telegram_stars:${chargeId}`);
  t.equal(times(town.chat(ann), 'could not book that'), 1);
});

t.test('a service that does not let the bot in: payers wait, and the admins hear of it once', async (t) => {
  const { town, ann, boss } = await opened(t);
  town.gate.order({ path: /^\/payments$/, kind: 'status', status: 401, code: 'unauthorized', times: 2 });
  ann.charged(PACK, true);
  ann.charged(PACK, true);
  await town.until(() => times(town.chat(ann), 'Thank you! 500 tokens added.') === 2);
  t.equal(times(town.chat(ann), 'is kept safe'), 2);
  t.equal(times(town.chat(boss), 'does not let this bot in'), 1);
  t.notMatch(town.chat(ann), REFUSED);
});
