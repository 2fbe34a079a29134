/**
 * `npm run bench:batches`: reserves one by one and a hundred at a time, in turn in one run; and how long other callers'
 * single reserves take while batches run, beside when none do.
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KeepAliveConnection } from '../load/keep-alive-connection.js';
import { percentile } from '../report/percentile.js';
import { BenchDatabases } from '../servers/bench-database.js';
import { ADMIN_KEY, type ServiceProcess, startService } from '../servers/service-process.js';
import { startThrowawayServers } from '../servers/throwaway-servers.js';

const SERVER = fileURLToPath(new URL('../../billing-service/src/server.js', import.meta.url));
const ROUNDS = 10;
const SECONDS = 4;
const CONNECTIONS = 64;
const ITEMS = 100;
/** As many items at once as the singles are, rounded up to whole batches: more would only wait. */
const BATCH_CONNECTIONS = 4;
const USERS = 10_000;
const OTHERS_PER_SECOND = 200;

const say = (line: string) => process.stdout.write(`${line}\n`);
const median = (values: number[]) => percentile(values, 0.5);

let turn = 0;
const item = () => {
  turn += 1;
  return { user: `bench:${((turn * 7919) % USERS) + 1}`, operation: 'chatgpt_message', amount: 1 };
};
const single = () => requestOf('/tokens/reserve', item());
const batch = () => requestOf('/tokens/reserve/batch', { items: Array.from({ length: ITEMS }, item) });

function requestOf(path: string, body: object): string {
  const text = JSON.stringify(body);
  return (
    `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
  );
}

/** Calls one after the other on each connection. @returns calls a second */
async function rate(
  { url }: ServiceProcess,
  next: () => string,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<number> {
  const { hostname, port } = new URL(url);
  const end = performance.now() + seconds * 1000;
  let answered = 0;
  const startedAt = performance.now();
  const work = async () => {
    const connection = await KeepAliveConnection.open(hostname, Number(port));
    while (performance.now() < end) {
      const status = await new Promise<number>((done) => connection.send(next(), done));
      if (status >= 300) throw new Error(`answered ${status}`);
      answered += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, work));
  return answered / ((performance.now() - startedAt) / 1000);
}

/** Singles that are due at even distances, whatever became of those before. @returns their ms, each from when it was due */
async function others({ url }: ServiceProcess, seconds: number): Promise<number[]> {
  const { hostname, port } = new URL(url);
  const idle: KeepAliveConnection[] = [];
  const times: Promise<number>[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < seconds * OTHERS_PER_SECOND; i++) {
    const dueAt = startedAt + (i * 1000) / OTHERS_PER_SECOND;
    const wait = dueAt - performance.now();
    if (wait > 0) await sleep(wait);
    const connection = idle.pop() ?? (await KeepAliveConnection.open(hostname, Number(port)));
    times.push(
      new Promise((done) =>
        connection.send(single(), () => {
          idle.push(connection);
          done(performance.now() - dueAt);
        }),
      ),
    );
  }
  const all = await Promise.all(times);
  for (const connection of idle) connection.close();
  return all;
}

/** That batch answers are what they should be: each item held. */
async function proveOneBatch({ url }: ServiceProcess): Promise<void> {
  const response = await fetch(`${url}/tokens/reserve/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items: Array.from({ length: ITEMS }, item) }),
  });
  const { items } = (await response.json()) as { items: { status: number }[] };
  if (items.some(({ status }) => status !== 201)) throw new Error('not every item was held');
}

async function measure(service: ServiceProcess): Promise<void> {
  const of = { seconds: SECONDS };
  await rate(service, single, { ...of, connections: CONNECTIONS });
  await rate(service, batch, { ...of, connections: BATCH_CONNECTIONS });
  const ratios: number[] = [];
  const tails: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const singles = await rate(service, single, { ...of, connections: CONNECTIONS });
    const items = ITEMS * (await rate(service, batch, { ...of, connections: BATCH_CONNECTIONS }));
    const alone = percentile(await others(service, SECONDS), 0.99);
    const batches = rate(service, batch, { ...of, connections: 1 });
    const beside = percentile(await others(service, SECONDS), 0.99);
    const itemsBeside = ITEMS * (await batches);
    ratios.push(items / singles);
    tails.push(beside / alone);
    say(
      `${round}/${ROUNDS}: singles ${Math.round(singles)}/s, items ${Math.round(items)}/s, ratio ${(items / singles).toFixed(2)}; ` +
        `others' p99 ${alone.toFixed(1)} ms, beside ${Math.round(itemsBeside)} items/s ${beside.toFixed(1)} ms, ratio ${(beside / alone).toFixed(2)}`,
    );
    await proveOneBatch(service);
  }
  say(`medians: items ÷ singles ${median(ratios).toFixed(2)}; others' p99 ${median(tails).toFixed(2)} times`);
}

async function main(): Promise<void> {
  const servers = await startThrowawayServers();
  try {
    const databases = new BenchDatabases(servers.postgresUrl);
    const size = { name: 'batches', users: USERS, entriesPerUser: 0 };
    const env = { DATABASE_URL: await databases.filled('batches', size) };
    const service = await startService(servers, { name: 'farebox', argv: [SERVER], env });
    say(`load average ${loadavg()[0]?.toFixed(1)} at the start`);
    await measure(service);
    say(`load average ${loadavg()[0]?.toFixed(1)} at the end`);
    await service.stop();
  } finally {
    await servers.close();
  }
}

await main();
