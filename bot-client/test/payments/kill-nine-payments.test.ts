/** kill -9 while money is on its way: nothing is lost, and nothing comes twice. */
import t from 'tap';
import type { Person } from '../fake-telegram/person.js';
import { MortalBot, until } from '../support/mortal-bot.js';

t.setTimeout(300_000);
const bot = await MortalBot.start();
const { gate, telegram } = bot;
const { billing } = bot.service;
const chat = (person: Person) => bot.chat(person);
const paymentsOf = async ({ id }: Person) =>
  (await billing.payments(`telegram:${id}`, 'telegram_stars')).items.length;
const TWO_DAYS_AGO = Math.floor(Date.now() / 1000) - 2 * 86_400;
const PACK = { title: 'x', description: 'x', payload: 'pack:pack-500', currency: 'XTR', amount: 300 };

for (const when of ['before', 'after'] as const) {
  t.test(`kill -9 ${when} a payment is acknowledged: credited once`, async (t) => {
    const person = await bot.someone();
    person.says('/upgrade');
    await until(() => chat(person).includes('500 tokens ·'), 'the plans');
    person.taps('buy:pack:pack-500');
    await until(() => chat(person).includes('<invoice>'), 'the invoice');
    const reached = gate.hold(/^\/payments$/, when);
    const paid = await person.pays();
    t.ok(paid.ok);
    await reached;
    await bot.killAndStartAgain();
    telegram.world.feed.redeliver(Number(paid.updateId));
    await until(() => chat(person).includes('Thank you! 500 tokens added'), 'thanks');
    t.equal((await billing.balance(`telegram:${person.id}`)).total, 600);
    t.equal(await paymentsOf(person), 1);
  });
}

/** Where the bot is caught while it credits a payment that it found in Telegram's list. */
const STEPS: [string, RegExp, 'before' | 'after'][] = [
  ['the service is asked whether it knows it', /^\/payments\?/, 'before'],
  ['it is sent', /^\/payments$/, 'before'],
  ['it is acknowledged', /^\/payments$/, 'after'],
];

for (const [step, path, when] of STEPS) {
  t.test(`kill -9 when a payment was found by comparing, and ${step}: credited once`, async (t) => {
    const person = await bot.someone();
    person.says('/terms');
    await until(() => chat(person).includes('You buy tokens'), 'a chat');
    await bot.kill();
    const { updateId } = person.charged(PACK, true, 1, TWO_DAYS_AGO);
    telegram.world.feed.expire();
    const reached = gate.hold(path, when);
    await bot.revive();
    await reached;
    await bot.killAndStartAgain();
    await until(() => chat(person).includes('Thank you! 500 tokens added'), 'thanks');
    // It was kept after all: the update of what was found already.
    telegram.world.feed.redeliver(updateId);
    await bot.killAndStartAgain();
    person.says('/balance');
    await until(() => chat(person).includes('💰 600'), 'the balance');
    t.equal(await paymentsOf(person), 1);
    t.equal((await billing.balance(`telegram:${person.id}`)).total, 600);
  });
}

t.test(
  'kill -9 while another plan ends the first: one is ended, the other credited, each once',
  async (t) => {
    const person = await bot.someone();
    const plan = (tier: string) => ({ ...PACK, payload: `tier:${tier}:1`, subscriptionSeconds: 2_592_000 });
    person.says('/terms');
    await until(() => chat(person).includes('You buy tokens'), 'a chat');
    person.charged(plan('professional'), true);
    await until(() => chat(person).includes('You are on Professional'), 'the first');
    telegram.faults.order({ method: 'editUserStarSubscription', kind: 'hold-reply' });
    const { updateId } = person.charged(plan('business'), true);
    await until(() => telegram.calls('editUserStarSubscription').length > 0, 'the first is ended');
    await bot.killAndStartAgain();
    telegram.world.feed.redeliver(updateId);
    await until(() => chat(person).includes('You are on Business'), 'the second');
    person.says('/upgrade');
    await until(() => chat(person).includes('Business renews itself on'), 'what renews');
    t.match(chat(person), 'Professional does not renew itself');
    t.equal(await paymentsOf(person), 2);
    const { subscriptions } = telegram.world;
    t.equal(subscriptions.get(`${person.id} tier:professional:1`)?.isEndedByBot, true);
    t.equal(subscriptions.get(`${person.id} tier:business:1`)?.isEndedByBot, false);
  },
);
