/** Plans that wait: nobody pays for one without having read so, and what was paid for is never lost. */
import t from 'tap';
import { itemOf, payloadOf } from '../../src/payments/product.js';
import type { Person } from '../fake-telegram/person.js';
import { Town, userOf } from '../support/town.js';

const ROUBLES = { PAYMENT_PROVIDER_TOKEN: '381764678:TEST:100037' };
t.jobs = 4;
const BESIDE = { buffered: true };

/** Someone who paid for months by another frontend, before the bot met them. */
async function holder(town: Town, tier: string, months: number): Promise<Person> {
  const ann = await town.someone('en', 0);
  await pays(town, ann, tier, months);
  await town.scene(ann, () => ann.says('/upgrade'));
  return ann;
}
const pays = (town: Town, ann: Person, tier: string, months: number) =>
  town.service.billing.pay({
    provider: 'web',
    paymentId: `${tier}-${months}-${ann.id}`,
    user: userOf(ann),
    product: { tier, months },
    currency: 'RUB',
    amount: 1,
  });
const account = (town: Town, ann: Person) => town.service.billing.balance(userOf(ann));
const lastPaid = (town: Town) => town.gate.calls(/^\/payments$/).at(-1)?.body.product;

t.test('the present plan again: told first that nothing comes now; packs, now, later', BESIDE, async (t) => {
  const town = await Town.open(t, ROUBLES);
  const ann = await holder(town, 'professional', 1);
  const told = await town.scene(ann, () => ann.taps('buy:tier:professional:1'));
  t.match(told, /You have Professional already\. Another month would begin on \d+ \w+.* \(in \d+ days\)/);
  t.match(
    told,
    /\[500 tokens · ⭐ 300\].*\n {2}\[2,000 tokens .*\n {2}\[Start now · ⭐ 1,000\]\n {2}\[From \d+ \w+.* · ⭐ 1,000\]$/,
  );
  t.same([...town.telegram.world.links], [], 'nothing is for sale before that');
  t.equal(town.telegram.calls('sendInvoice').length, 0);
});

t.test('later: a month that waits is sold as such, told by receipt, balance and plans', BESIDE, async (t) => {
  const town = await Town.open(t, ROUBLES);
  const ann = await holder(town, 'professional', 1);
  const { paidUntil } = await account(town, ann);
  await town.scene(ann, () => ann.taps('rub:tier:professional:1'));
  t.match(
    await town.scene(ann, () => ann.taps('tier:professional:1:after')),
    '<invoice> Professional, one month',
  );
  t.match(
    town.telegram.calls('sendInvoice').at(-1)?.params.description,
    'Begins when what you have paid for',
  );
  t.ok((await ann.pays()).ok);
  await town.quiet();
  t.same(lastPaid(town), { tier: 'professional', months: 1, start: 'after' });
  t.match(
    town.chat(ann),
    /Thank you! You have Professional from .*, for 1 month; its tokens come then\. You have 2,000 tokens now\.$/,
  );
  const next = /Next: Professional from \d+ \w+.* \(in \d+ days\), for 1 month\./;
  t.match(await town.scene(ann, () => ann.says('/balance')), next);
  t.match(await town.scene(ann, () => ann.says('/upgrade')), next);
  t.equal((await account(town, ann)).upcoming[0]?.from, paidUntil);
});

t.test(
  'now: `start` goes through Telegram to the payment, and the tokens come at once',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const ann = await holder(town, 'professional', 1);
    await town.scene(ann, () => ann.taps('buy:tier:professional:1'));
    t.match(
      await town.scene(ann, () => ann.taps('Start now')),
      '<invoice> Professional, one month, 1000 XTR',
    );
    t.match(
      town.telegram.calls('sendInvoice').at(-1)?.params.payload,
      /^tier:professional:1:now#[0-9a-f]{6}$/,
    );
    t.match(town.telegram.calls('sendInvoice').at(-1)?.params.description, 'Begins now');
    t.ok((await ann.pays()).ok);
    await town.quiet();
    t.same(lastPaid(town), { tier: 'professional', months: 1, start: 'now' });
    t.match(town.chat(ann), 'Thank you! 2,000 tokens added. You are on Professional');
    t.equal((await town.balance(ann)).total, 4000);
  },
);

t.test(
  'a lower plan waits behind all of the higher one, and the day told is the day it begins',
  BESIDE,
  async (t) => {
    const town = await Town.open(t, ROUBLES);
    const ann = await holder(town, 'professional', 12);
    await pays(town, ann, 'business', 1);
    const told = await town.scene(ann, () => ann.taps('rub:tier:professional:1'));
    t.match(told, /You have Business\. A month of Professional would begin on/);
    t.match(told, 'at once, but you move to Professional and the days left');
    const button = /\[From ([^·]+) · /.exec(told)?.[1];
    await town.scene(ann, () => ann.taps(':after'));
    t.ok((await ann.pays()).ok);
    await town.quiet();
    t.match(town.chat(ann), `You have Professional from ${button} (`, 'as the receipt says');
    t.match(
      await town.scene(ann, () => ann.says('/balance')),
      /Plan: Business\n.*\nNext: Professional from .* for 12 months\./,
    );
  },
);

t.test(
  'a higher plan begins at once and is sold without a question; what it interrupts is told',
  BESIDE,
  async (t) => {
    const town = await Town.open(t, ROUBLES);
    const ann = await holder(town, 'professional', 12);
    t.match(await town.scene(ann, () => ann.taps('rub:tier:business:1')), '<invoice> Business, one month');
    t.ok((await ann.pays()).ok);
    await town.quiet();
    t.same(lastPaid(town), { tier: 'business', months: 1 });
    t.match(
      town.chat(ann),
      /Thank you! 10,000 tokens added\. You are on Business.*\nNext: Professional from .*, for 11 months\.$/,
    );
  },
);

t.test('a goodwill month is added behind what was paid for, and shortens nothing', BESIDE, async (t) => {
  const town = await Town.open(t);
  const boss = town.telegram.person(99, 'Boss', 'en');
  const ann = await holder(town, 'business', 2);
  const before = await account(town, ann);
  const order = `/grant ${ann.id} Business 2 for patience`;
  t.match(
    await town.scene(boss, () => boss.says(order)),
    /: Business for 2 months, from \d+ \w+.*\. What was paid for is kept\./,
  );
  const after = await account(town, ann);
  t.equal(after.upcoming[0]?.from, before.paidUntil, 'behind all that was paid for');
  await town.scene(boss, () => boss.says(`/grant ${ann.id} professional`));
  const last = await account(town, ann);
  t.same([last.tier, last.paidUntil, last.renewsAt], ['business', after.paidUntil, after.renewsAt]);
  t.match(
    await town.scene(boss, () => boss.says(`/user ${ann.id}`)),
    /Next: Business from .*\nThen: Professional from .*, for 1 month\.\n[\s\S]*🎁 tg:/,
  );
  t.match(
    await town.scene(boss, () => boss.says(`/grant ${ann.id} gold`)),
    'There is no plan "gold" to give.',
  );
  t.match(await town.scene(boss, () => boss.says(`/grant ${ann.id} business 0`)), 'Usage: /grant');
  const { items } = await town.service.billing.payments(userOf(ann), 'goodwill');
  t.match(items[1], { amount: 0, metadata: { admin: 'telegram:99', reason: 'for patience' } });
});

t.test('payloads: a start is carried, older ones mean what they meant, others nothing', BESIDE, (t) => {
  for (const payload of [
    'tier:professional:1',
    'tier:professional:1:now',
    'tier:professional:1:after',
    'pack:p',
  ])
    t.equal(payloadOf(itemOf(payload) ?? { kind: 'pack', id: 'none' }), payload);
  t.same(itemOf('pack:p#0a1b2c'), { kind: 'pack', id: 'p' }, 'the version names no product');
  t.same(itemOf('tier:professional:1'), { kind: 'tier', id: 'professional', months: 1 });
  for (const payload of ['tier:professional:1:then', 'tier:professional:1:', 'tier:professional', ''])
    t.equal(itemOf(payload), undefined);
  t.end();
});
