/**
 * `npm run bench:usage -- [entries] [rounds]`: how long answers about 13 months of usage take, and what reserves lose
 * while somebody reads them one after another. What commits lose to the roll-up: `npm run bench -- --only commit,life
 * --against <a checkout without it>`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findGenerator } from '../load/generator.js';
import type { Load } from '../load/load.js';
import { cpuSeconds } from '../machine/cpu-seconds.js';
import { describeMachine } from '../machine/describe-machine.js';
import { percentile } from '../report/percentile.js';
import { BenchDatabases } from '../servers/bench-database.js';
import { SMALL } from '../servers/fleet.js';
import { meetUsers } from '../servers/meet-users.js';
import { ADMIN_KEY, startService } from '../servers/service-process.js';
import { startThrowawayServers, type ThrowawayServers } from '../servers/throwaway-servers.js';
import { DAYS, rollUpAll, seedHistory } from './seed-history.js';

const SERVICE = fileURLToPath(new URL('../../billing-service/src/server.js', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../../bench/results/usage.json', import.meta.url));
const QUESTIONS = [
  ...['day', 'month', 'operation', 'tier', 'model', 'day,operation'].map((by) => `by=${by}`),
  'by=user&limit=20',
  'by=day&timezone=Europe/Moscow',
];
const TIMES = 30;
const SECONDS = 3;
const USERS = SMALL.users;
const say = (line: string) => process.stdout.write(`${line}\n`);

async function ask(url: string, question: string): Promise<number> {
  const from = new Date(Math.floor(Date.now() / 86_400_000 - DAYS - 1) * 86_400_000).toISOString();
  const began = performance.now();
  const answer = await fetch(`${url}/usage?from=${from}&${question}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${question}: ${answer.status} ${text}`);
  return performance.now() - began;
}

interface Answers {
  question: string;
  p50Ms: number;
  p95Ms: number;
  /** CPU of Postgres for one answer: on a busy machine the figure to look at. */
  postgresCpuMs: number;
}

async function timeAnswers(url: string, postgresPid: number): Promise<Answers[]> {
  const cpu = () => cpuSeconds(postgresPid, { withChildren: true }) ?? Number.NaN;
  const found: Answers[] = [];
  for (const question of QUESTIONS) {
    await ask(url, question);
    const times: number[] = [];
    const before = cpu();
    for (let i = 0; i < TIMES; i++) times.push(await ask(url, question));
    const postgresCpuMs = ((cpu() - before) / TIMES) * 1000;
    const [p50Ms, p95Ms] = [percentile(times, 0.5), percentile(times, 0.95)];
    const one = { question, p50Ms, p95Ms, postgresCpuMs };
    const shown = [p50Ms, p95Ms, postgresCpuMs].map((ms) => ms.toFixed(1));
    say(`${question}: p50 ${shown[0]} ms, p95 ${shown[1]} ms, CPU of Postgres ${shown[2]} ms`);
    found.push(one);
  }
  return found;
}

/** One question after another until `run` is done. */
async function whileReading<T>(url: string, run: () => Promise<T>): Promise<T> {
  let isOver = false;
  const reading = (async () => {
    for (let i = 0; !isOver; i++) await ask(url, QUESTIONS[i % QUESTIONS.length] as string);
  })();
  try {
    return await run();
  } finally {
    isOver = true;
    await reading;
  }
}

async function compareReserves(url: string, rounds: number): Promise<{ without: number; reading: number }[]> {
  const generator = findGenerator();
  const load: Load = {
    ...{ url, key: ADMIN_KEY, users: USERS, connections: 64, seconds: SECONDS },
    ...{ call: 'reserve', choice: 'spread', signal: new AbortController().signal },
  };
  const perSecond = async () => (await generator.run(load)).perSecond;
  await perSecond();
  const found: { without: number; reading: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const pair = { without: 0, reading: 0 };
    const steps = [
      async () => {
        pair.without = await perSecond();
      },
      async () => {
        pair.reading = await whileReading(url, perSecond);
      },
    ];
    for (const step of round % 2 === 0 ? steps : steps.reverse()) await step();
    say(`round ${round + 1}: ${Math.round(pair.without)}/s, ${Math.round(pair.reading)}/s while reading`);
    found.push(pair);
  }
  return found;
}

async function measure(servers: ThrowawayServers, entries: number, rounds: number): Promise<void> {
  const databaseUrl = await new BenchDatabases(servers.postgresUrl).filled('usage', SMALL);
  await seedHistory(databaseUrl, { users: USERS, entries }, say);
  const rollUpSeconds = await rollUpAll(databaseUrl);
  say(`rolled up in ${rollUpSeconds.toFixed(0)} s`);
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: servers.redisUrl };
  const service = await startService(servers, { name: 'usage', argv: [SERVICE], env });
  const answers = await timeAnswers(service.url, servers.postgresPid);
  await meetUsers({ service, size: SMALL, databaseUrl, isProduct: true });
  const reserves = await compareReserves(service.url, rounds);
  const ratio = percentile(
    reserves.map(({ without, reading }) => reading / without),
    0.5,
  );
  say(`reserves while somebody reads ÷ without: ${ratio.toFixed(3)} (median of ${rounds})`);
  const machine = await describeMachine(servers, findGenerator().name);
  const results = { finishedAt: new Date().toISOString(), machine, entries, users: USERS, rollUpSeconds };
  writeFileSync(RESULTS, `${JSON.stringify({ ...results, answers, reserves, ratio }, null, 2)}\n`);
  await service.stop();
}

async function main(): Promise<void> {
  const servers = await startThrowawayServers();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const exit = () => process.exit(1);
    process.once(name, () => void servers.close().then(exit, exit));
  }
  try {
    const [entries = 10_000_000, rounds = 7] = process.argv.slice(2).map(Number);
    await measure(servers, entries, rounds);
  } finally {
    await servers.close();
  }
}

try {
  await main();
} catch (error) {
  const { message, stack } = error as Error;
  process.stderr.write(`${error?.constructor.name === 'MissingProgram' ? message : (stack ?? message)}\n`);
  process.exitCode = 1;
}
