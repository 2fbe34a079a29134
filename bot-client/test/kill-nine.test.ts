import t from 'tap';
import type { Person } from './fake-telegram/person.js';
import { MortalBot, until } from './support/mortal-bot.js';

t.setTimeout(300_000);
const bot = await MortalBot.start();
const { service, gate, telegram, ai } = bot;
const { billing } = service;

/** What the ledger says when all is settled: charged in all, and how often. */
async function charged(person: Person): Promise<{ total: number; times: number }> {
  const user = `telegram:${person.id}`;
  await until(async () => (await billing.balance(user)).reserved === 0, 'nothing held any more');
  const charges = await service.entries(user, 'charge');
  return { total: 100 - (await service.balance(user)).total, times: charges.length };
}
const chat = (person: Person) => bot.chat(person);
const hasAnswer = (person: Person) => chat(person).includes('You said hello');
const told = (person: Person) =>
  until(() => chat(person).includes('I was restarted while working'), 'the user is told');

const isAnswer = (params: Record<string, unknown>) => String(params.text).includes('You said');
/** Each step: how the bot is caught there, and whether the user has the answer and so pays. */
const STEPS: [string, (send: () => void) => Promise<void>, 'charged' | 'free'][] = [
  ['before reserve', held(/reserve/, 'before'), 'free'],
  ['after reserve', held(/reserve/, 'after'), 'free'],
  ['in the midst of the work', whileWorking, 'free'],
  ['before the answer is sent', sending('hang'), 'free'],
  ['between the send and Telegram’s reply', sending('hold-reply'), 'free'],
  ['before commit', held(/commit/, 'before'), 'charged'],
  ['after commit', held(/commit/, 'after'), 'charged'],
];

function held(path: RegExp, when: 'before' | 'after') {
  return async (send: () => void) => {
    const reached = gate.hold(path, when);
    send();
    await reached;
  };
}
async function whileWorking(send: () => void): Promise<void> {
  const before = ai.requests.length;
  ai.onAsked = () => new Promise(() => undefined);
  send();
  await until(() => ai.requests.length > before, 'the AI is asked');
  ai.onAsked = async () => undefined;
}
function sending(kind: 'hang' | 'hold-reply') {
  return async (send: () => void) => {
    const before = telegram.calls('sendMessage').filter((call) => isAnswer(call.params)).length;
    telegram.faults.order({ method: 'sendMessage', kind, when: isAnswer });
    send();
    await until(
      () => telegram.calls('sendMessage').filter((call) => isAnswer(call.params)).length > before,
      'sent',
    );
  };
}

for (const [step, reach, expected] of STEPS) {
  t.test(`kill -9 ${step}: ${expected}`, async (t) => {
    const person = await bot.someone();
    let updateId = 0;
    await reach(() => {
      updateId = person.says('hello');
    });
    await bot.killAndStartAgain();
    // Telegram repeats what it is not sure the bot had.
    telegram.world.feed.redeliver(updateId);
    if (expected === 'free') await told(person);
    t.same(await charged(person), expected === 'free' ? { total: 0, times: 0 } : { total: 5, times: 1 });
    if (expected === 'charged') t.ok(hasAnswer(person), 'the user has what was charged');
    const retried = person.taps('retry:');
    t.ok(retried);
    await until(
      async () => (await charged(person)).times === (expected === 'free' ? 1 : 2),
      'Retry is a new operation',
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await charged(person))}\n${chat(person)}`);
    });
  });
}

t.test('what waits in line when broken-off work has been settled is worked once', async (t) => {
  const person = await bot.someone();
  const reached = gate.hold(/commit/, 'before');
  person.says('hello');
  await reached;
  const before = ai.requests.length;
  gate.order({ path: /commit/, kind: 'slow', delayMs: 1_000 });
  let answer: () => void = () => undefined;
  ai.onAsked = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  await bot.killAndStartAgain();
  person.says('first');
  person.says('second');
  await until(() => ai.requests.length > before, 'the first is worked, the second waits');
  const charges = () => service.entries(`telegram:${person.id}`, 'charge');
  await until(async () => (await charges()).length === 1, 'what was broken off is settled');
  ai.onAsked = async () => undefined;
  answer();
  // In the same line: what comes behind the second is done after every copy of it.
  person.says('the last');
  await until(() => chat(person).includes('You said the last'), 'the last is answered');
  t.equal(ai.requests.length, before + 3);
  t.same(await charged(person), { total: 20, times: 4 });
});
