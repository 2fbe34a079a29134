/** Fifty users of the real bot and the real service, each a process of its own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { startBot } from '../demo/processes.js';
import { FakeTelegram } from './fake-telegram/fake-telegram.js';
import type { Person } from './fake-telegram/person.js';
import { FakeAi } from './support/fake-ai.js';
import { testService } from './support/test-service.js';

t.setTimeout(300_000);
const service = await testService();
const telegram = await new FakeTelegram().start();
const ai = await new FakeAi().start();
const bot = await startBot(mkdtempSync(join(tmpdir(), 'farebox-crowd-')), {
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_API_ROOT: telegram.url,
  BILLING_URL: service.url,
  BILLING_API_KEY: service.botKey,
  AI_BASE_URL: ai.baseUrl,
});
t.teardown(async () => {
  await bot.stop();
  await Promise.all([telegram.stop(), ai.stop()]);
});

async function someone(id: number): Promise<Person> {
  await service.give(`telegram:${id}`, 100);
  return telegram.person(id, 'Ann');
}
const people = await Promise.all(Array.from({ length: 50 }, (_, index) => someone(index + 1)));
const [painter, ...others] = people as [Person, ...Person[]];
const countOfAnswers = (person: Person) =>
  person.sees().filter((kept) => kept.message.text?.includes('You said')).length;
const median = (sorted: number[]) => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;

/** The AI keeps those who fit waiting until the answer is called. */
function keepWaiting(fits: (asked: string) => boolean): () => void {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  ai.onAsked = (asked) => (fits(asked) ? held : Promise.resolve());
  return release;
}

/** Everyone writes at once; how long each waited for the whole answer, in ms, the quickest first. */
async function round(these: Person[]): Promise<number[]> {
  const before = new Map(these.map((person) => [person, countOfAnswers(person)]));
  const startedAt = Date.now();
  for (const person of these) person.says('hello');
  const took = new Map<Person, number>();
  while (took.size < these.length) {
    for (const person of these)
      if (!took.has(person) && countOfAnswers(person) > (before.get(person) ?? 0))
        took.set(person, Date.now() - startedAt);
    if (Date.now() - startedAt > 120_000) throw new Error(`only ${took.size} answered`);
    await pause(5);
  }
  return [...took.values()].sort((a, b) => a - b);
}

t.test('one slow picture among fifty users holds up nobody', async (t) => {
  await round(others);
  const without = median(await round(others));
  // It takes longer than everything else here, however slow this machine is today.
  const drawn = keepWaiting((asked) => asked === 'slow');
  painter.says('/image slow');
  while (!ai.requests.some((request) => request.body.prompt === 'slow')) await pause(10);
  const withPicture = median(await round(others));
  t.notOk(
    painter.sees().some((kept) => kept.message.photo !== undefined),
    'all others are done before it',
  );
  t.ok(
    withPicture < without * 3 + 5_000,
    `median with the picture ${withPicture} ms, without it ${without} ms`,
  );
  t.comment(`median answer: ${without} ms without, ${withPicture} ms with the picture`);
  drawn();
  while (!painter.sees().some((kept) => kept.message.photo !== undefined)) await pause(20);
});

t.test('payers are answered while all fifty are being worked for', async (t) => {
  const stopWaiting = keepWaiting(() => true);
  const before = ai.requests.length;
  const had = people.map(countOfAnswers);
  for (const person of people) person.says('and now?');
  while (ai.requests.length < before + people.length) await pause(5);
  const invoice = { title: 'x', description: 'x', payload: 'pack:pack-500', currency: 'XTR', amount: 300 };
  telegram.world.links.set('link', invoice);
  const payers = await Promise.all(people.slice(0, 10).map((person) => person.pays('link')));
  t.ok(payers.every((paid) => paid.ok));
  const thanked = (person: Person) =>
    person.sees().some((kept) => kept.message.text?.includes('Thank you! 500 tokens added'));
  while (!people.slice(0, 10).every(thanked)) await pause(5);
  t.same(people.map(countOfAnswers), had, 'and credited, before any of the fifty has an answer');
  const waits = payers.map((paid) => paid.answeredInMs).sort((a, b) => a - b);
  t.comment(`ten payers at once were answered within ${waits[0]} to ${waits.at(-1)} ms`);
  stopWaiting();
  while (!people.every((person, index) => countOfAnswers(person) > (had[index] ?? 0))) await pause(10);
});
