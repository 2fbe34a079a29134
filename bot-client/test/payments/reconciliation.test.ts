/** What Telegram lists and the bot never heard of: credited, or taken back, once. */
import t from 'tap';
import { Town, userOf } from '../support/town.js';

const PACK = { title: 'x', description: 'x', payload: 'pack:pack-500', currency: 'XTR', amount: 300 };
const PLAN = { ...PACK, payload: 'tier:professional:1', amount: 1000, subscriptionSeconds: 2_592_000 };
const daysAgo = (days: number) => Math.floor(Date.now() / 1000) - days * 86_400;
const times = (chat: string, words: string) => chat.split(words).length - 1;

/** Each has a town of its own. */
t.jobs = 3;
const BESIDE = { buffered: true };

t.test(
  'a payer of the two days the bot was away is credited at its start, within 60 s',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const boss = town.telegram.person(99, 'Boss');
    const ann = await town.someone('en', 0);
    await town.scene(boss, () => boss.says('/start'));
    await town.scene(ann, () => ann.says('/start'));
    await town.stopBot();
    const { chargeId, updateId } = ann.charged(PACK, true, 1, daysAgo(2));
    town.telegram.world.feed.expire();
    const startedAt = Date.now();
    await town.startBot();
    await town.shows(ann, 'Thank you! 500 tokens added. You have 500 tokens now.');
    t.ok(Date.now() - startedAt < 60_000);
    await town.quiet();
    t.match(town.chat(boss), `Telegram lists 1 payment or refund that I had not heard of: ${chargeId}`);
    for (const restart of [false, true]) {
      if (restart) {
        await town.stopBot();
        await town.startBot();
      }
      town.telegram.world.feed.redeliver(updateId);
      await town.quiet();
    }
    t.equal((await town.balance(ann)).total, 500, 'credited once, whatever comes later');
    t.equal(times(town.chat(boss), 'had not heard of'), 1);
  },
);

t.test(
  'a subscription found by comparing is not refused when its update comes after all',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 0);
    await town.scene(ann, () => ann.says('/start'));
    await town.stopBot();
    // Its update tells another second of the end than one can reckon from the list.
    const { updateId } = ann.charged(PLAN, true, 1, daysAgo(2));
    const listed = town.telegram.world.transactions.at(-1);
    if (listed !== undefined) listed.date += 7;
    town.telegram.world.feed.expire();
    await town.startBot();
    await town.shows(ann, 'Thank you! 2,000 tokens added. You are on Professional');
    await town.stopBot();
    await town.startBot();
    town.telegram.world.feed.redeliver(updateId);
    await town.quiet();
    t.notMatch(town.chat(ann), 'does not accept it');
    t.equal(times(town.chat(ann), 'Thank you!'), 1);
    t.equal((await town.service.billing.payments(userOf(ann))).items.length, 1);
  },
);

t.test('Stars that went back while the bot was away: the tokens go, too', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  await town.scene(ann, () => ann.says('/start'));
  const kept = ann.charged(PACK, true, 1, daysAgo(3));
  await town.shows(ann, 'Thank you!');
  await town.stopBot();
  // One that is never credited at all, as it went back at once.
  const short = ann.charged(PACK, true, 1, daysAgo(2));
  for (const { chargeId } of [kept, short])
    await refund(town.telegram.url, town.telegram.token, ann.id, chargeId);
  for (const one of town.telegram.world.transactions) one.date = Math.min(one.date, daysAgo(1));
  town.telegram.world.feed.expire();
  await town.startBot();
  await town.shows(ann, 'Your payment was refunded, and 500 tokens taken back.');
  await town.quiet();
  t.equal((await town.balance(ann)).total, 0);
  t.equal(times(town.chat(ann), 'Thank you!'), 1);
  t.equal(times(town.chat(ann), 'refunded'), 1);
});

t.test(
  'hundreds of movements, a list that is not the one marked, and a Telegram without it',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 0);
    await town.scene(ann, () => ann.says('/start'));
    await town.stopBot();
    const { world, faults } = town.telegram;
    const other = { type: 'fragment' };
    for (let n = 0; n < 250; n++)
      world.transactions.push({ id: `out${n}`, amount: 1, date: daysAgo(2), receiver: other });
    ann.charged(PACK, true, 1, daysAgo(30));
    ann.charged(PACK, true, 1, daysAgo(1));
    world.feed.expire();
    faults.order({ method: 'getStarTransactions', kind: 'refuse', code: 502, description: 'Bad Gateway' });
    await town.startBot();
    await town.shows(ann, 'Thank you!');
    await town.quiet();
    t.equal((await town.balance(ann)).total, 500, 'without a mark, a week back and no further');
    t.same(
      town.telegram
        .calls('getStarTransactions')
        .filter((call) => !call.error)
        .map(({ params }) => params.offset)
        .slice(-3),
      [0, 100, 200],
    );
    await town.stopBot();
    world.transactions.splice(0, 10);
    ann.charged(PACK, true, 1, daysAgo(1));
    world.feed.expire();
    await town.startBot();
    await town.until(async () => (await town.balance(ann)).total === 1000);
    await town.stopBot();
    faults.order({ method: 'getStarTransactions', kind: 'refuse', code: 404, description: 'Not Found' });
    await town.startBot();
    await town.quiet();
    t.match(town.lines.join(''), 'Stars were not compared');
    t.match(await town.scene(ann, () => ann.says('hello')), 'You said hello');
  },
);

async function refund(url: string, token: string, userId: number, chargeId: string): Promise<void> {
  const body = JSON.stringify({ user_id: userId, telegram_payment_charge_id: chargeId });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/bot${token}/refundStarPayment`, { method: 'POST', headers, body });
}
