/** Stars and roubles, packs and plans: money taken is never lost, and never taken for nothing. */
import t from 'tap';
import type { Person } from '../fake-telegram/person.js';
import { Town, userOf } from '../support/town.js';

const linkOf = (ann: Person) =>
  String(ann.sees().at(-1)?.message.reply_markup?.inline_keyboard?.[0]?.[0]?.url);
const DAYS_30_MS = 30 * 86_400_000;

/** Each has a town of its own and mostly waits. */
t.jobs = 4;
const BESIDE = { buffered: true };

t.test('a payment outlives an outage of the service, and the payer is told', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  await town.scene(ann, () => ann.says('/upgrade'));
  await town.scene(ann, () => ann.taps('buy:tier:professional'));
  town.gate.order({ path: /^\/payments$/, kind: 'status', times: 4 });
  t.ok((await ann.pays(linkOf(ann))).ok);
  await town.shows(ann, 'Your payment arrived and is kept safe.');
  await town.shows(ann, 'Thank you! 2,000 tokens added. You are on Professional');
  const sent = town.gate.calls(/^\/payments$/).at(-1)?.body;
  t.match(sent, { provider: 'telegram_stars', user: userOf(ann), currency: 'XTR', amount: 1000 });
  t.match(JSON.stringify(sent), /"tier":"professional","until":"\d{4}-/, 'a subscription names its end');
});

t.test(
  'a subscription renews itself: each payment moves the end by its 30 days, none counts twice',
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 0);
    await town.scene(ann, () => ann.says('/upgrade'));
    await town.scene(ann, () => ann.taps('buy:tier:professional'));
    const link = linkOf(ann);
    t.ok((await ann.pays(link)).ok);
    await town.quiet();
    const invoice = town.telegram.world.links.get(link);
    if (invoice === undefined) throw new Error('no invoice behind the link');
    t.equal(invoice.subscriptionSeconds, DAYS_30_MS / 1000);
    const paidUntil = async () =>
      Date.parse((await town.service.billing.balance(userOf(ann))).paidUntil ?? '');
    const first = await paidUntil();
    const { updateId } = ann.charged(invoice, false, 2);
    await town.quiet();
    town.telegram.world.feed.redeliver(updateId);
    await town.quiet();
    const moved = (await paidUntil()) - first;
    t.ok(Math.abs(moved - DAYS_30_MS) < 60_000, `moved by ${moved} ms`);
    const { items } = await town.service.billing.payments(userOf(ann), 'telegram_stars');
    t.equal(items.length, 2);
    t.same(
      items.map((payment) => payment.metadata?.recurring),
      [true, true],
    );
    t.match(town.chat(ann), /Thank you! .*You are on Professional/);
    t.equal((await town.balance(ann)).total, 2000, 'the second month’s tokens come with the second month');
  },
);

t.test('where Telegram takes no subscription, one month is sold instead', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  await town.scene(ann, () => ann.says('/upgrade'));
  const description = 'Bad Request: STARS_SUBSCRIPTION_AMOUNT_INVALID';
  town.telegram.faults.order({ method: 'createInvoiceLink', kind: 'refuse', description });
  t.match(
    await town.scene(ann, () => ann.taps('buy:tier:business')),
    'BOT: <invoice> Business, one month, 1750 XTR',
  );
  t.ok((await ann.pays()).ok);
  await town.quiet();
  t.same(town.gate.calls(/^\/payments$/).at(-1)?.body.product, { tier: 'business', months: 1 });
  t.match(town.chat(ann), 'Thank you! 10,000 tokens added. You are on Business');
});

t.test(
  'roubles: not offered unless a provider is set; then by its token, recorded under its own name',
  async (t) => {
    const without = await Town.open(t);
    const bob = await without.someone();
    t.notMatch(await without.scene(bob, () => bob.says('/upgrade')), /RUB|₽/);
    t.notOk(bob.sees().some((kept) => JSON.stringify(kept.message).includes('"rub:')));
    const town = await Town.open(t, { PAYMENT_PROVIDER_TOKEN: '381764678:TEST:100037' });
    const anya = await town.someone('ru', 0);
    const plans = await town.scene(anya, () => anya.says('/upgrade'));
    t.match(plans, /\[500 токенов · ⭐ 300\] \[500 токенов · 590,00\s₽\]/);
    t.match(await town.scene(anya, () => anya.taps('rub:pack:pack-500')), '<invoice> 500 токенов, 59000 RUB');
    t.match(town.telegram.calls('sendInvoice').at(-1)?.params, {
      provider_token: '381764678:TEST:100037',
      payload: 'pack:pack-500',
    });
    const paid = await anya.pays();
    await town.quiet();
    const { items } = await town.service.billing.payments(userOf(anya), 'telegram_payments');
    t.match(items, [{ paymentId: paid.chargeId, currency: 'RUB', amount: 59000 }]);
    t.match(town.chat(anya), 'Спасибо! Начислено: 500 токенов');
    t.match(await town.scene(anya, () => anya.taps('rub:tier:professional')), 'один месяц, 199000 RUB');
  },
);

t.test('whoever pays is credited, not whom the invoice was sent to', BESIDE, async (t) => {
  const town = await Town.open(t);
  const [ann, bob] = [await town.someone('en', 0), await town.someone('en', 0)];
  await town.scene(ann, () => ann.says('/upgrade'));
  await town.scene(bob, () => bob.says('/start'));
  await town.scene(ann, () => ann.taps('buy:pack:pack-500'));
  const invoice = ann.sees().findLast((kept) => kept.invoice !== undefined)?.invoice;
  if (invoice === undefined) throw new Error('no invoice');
  t.match(invoice.payload, /^pack:pack-500#[0-9a-f]{6}$/, 'the product alone, and what was promised');
  town.telegram.world.links.set('forwarded', invoice);
  t.ok((await bob.pays('forwarded')).ok);
  await town.quiet();
  t.equal((await town.balance(bob)).total, 500);
  t.equal((await town.balance(ann)).total, 0);
});

t.test(
  'what could not be afforded is offered again after the purchase, and one tap sends it',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 2);
    await town.scene(ann, () => ann.says('a question worth paying for'));
    await town.scene(ann, () => ann.taps('buy:pack:pack-500'));
    t.ok((await ann.pays()).ok);
    await town.quiet();
    t.match(town.chat(ann), 'You have 502 tokens now.\n  [▶️ Send again: a question worth paying for]');
    t.match(
      await town.scene(ann, () => ann.taps('Send again')),
      /You said a question worth paying for\n\n5 tokens · 497 left/,
    );
  },
);

t.test(
  'what is no longer for sale, or at another price, is declined before money moves',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone();
    const invoice = { title: 'x', description: 'x', payload: 'pack:gone', currency: 'XTR', amount: 300 };
    town.telegram.world.links.set('gone', invoice);
    town.telegram.world.links.set('cheap', { ...invoice, payload: 'pack:pack-500', amount: 1 });
    t.match(await ann.pays('gone'), { ok: false, error: /no longer for sale/ });
    t.match(await ann.pays('cheap'), { ok: false, error: /price has changed/ });
  },
);

t.test(
  'a payer is answered also while the service is away, from what was last heard of it',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone();
    await town.scene(ann, () => ann.says('/upgrade'));
    await town.scene(ann, () => ann.taps('buy:pack:pack-500'));
    town.gate.order({ path: /./, kind: 'hang', times: 20 });
    const { ok } = await ann.pays();
    town.gate.calm();
    t.ok(ok);
    await town.shows(ann, 'Thank you! 500 tokens added.');
  },
);
