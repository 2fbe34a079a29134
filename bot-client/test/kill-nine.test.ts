import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { type Running, startBot } from '../demo/processes.js';
import { FakeTelegram } from './fake-telegram/fake-telegram.js';
import type { Person } from './fake-telegram/person.js';
import { transcript } from './fake-telegram/transcript.js';
import { FakeAi } from './support/fake-ai.js';
import { Gate } from './support/gate.js';
import { testService } from './support/test-service.js';

t.setTimeout(300_000);
// The service and the bot are the real processes; only Telegram and the AI are played.
const folder = mkdtempSync(join(tmpdir(), 'farebox-kill-'));
const service = await testService();
const { billing } = service;
const gate = await new Gate(service.url).start();
const telegram = await new FakeTelegram().start();
const ai = await new FakeAi().start();
const env = {
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_API_ROOT: telegram.url,
  BILLING_URL: gate.url,
  BILLING_API_KEY: service.botKey,
  AI_BASE_URL: ai.baseUrl,
};
let bot: Running = await startBot(folder, env);
let nextId = 1;
t.teardown(async () => {
  await bot.stop();
  await Promise.all([gate.stop(), telegram.stop(), ai.stop()]);
});

async function someone(): Promise<Person> {
  const person = telegram.person(nextId++, 'Ann');
  await service.give(`telegram:${person.id}`, 100);
  return person;
}
async function killAndStartAgain(): Promise<void> {
  const exited = once(bot.process, 'exit');
  bot.process.kill('SIGKILL');
  await exited;
  bot = await startBot(folder, env);
}
async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const end = Date.now() + 30_000; !(await condition()); await pause(50))
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
}
/** What the ledger says when all is settled: charged in all, and how often. */
async function charged(person: Person): Promise<{ total: number; times: number }> {
  const user = `telegram:${person.id}`;
  await until(async () => (await billing.balance(user)).reserved === 0, 'nothing held any more');
  const charges = await service.entries(user, 'charge');
  return { total: 100 - (await service.balance(user)).total, times: charges.length };
}
const chat = (person: Person) => transcript(telegram.world, person.id);
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
    const person = await someone();
    let updateId = 0;
    await reach(() => {
      updateId = person.says('hello');
    });
    await killAndStartAgain();
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
  const person = await someone();
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
  await killAndStartAgain();
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

for (const when of ['before', 'after'] as const) {
  t.test(`kill -9 ${when} a payment is acknowledged: credited once`, async (t) => {
    const person = await someone();
    person.says('/upgrade');
    await until(() => chat(person).includes('500 tokens ·'), 'the plans');
    person.taps('buy:pack:pack-500');
    await until(() => chat(person).includes('<invoice>'), 'the invoice');
    const reached = gate.hold(/^\/payments$/, when);
    const paid = await person.pays();
    t.ok(paid.ok);
    await reached;
    await killAndStartAgain();
    telegram.world.feed.redeliver(Number(paid.updateId));
    await until(() => chat(person).includes('Thank you! 500 tokens added'), 'thanks');
    t.equal((await billing.balance(`telegram:${person.id}`)).total, 600);
    t.equal((await billing.payments(`telegram:${person.id}`, 'telegram_stars')).items.length, 1);
  });
}
