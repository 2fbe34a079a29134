/** `npm run bench:scale`: one, two and four instances behind HAProxy, and what a row of each hot table takes. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findGenerator } from '../load/generator.js';
import { describeMachine } from '../machine/describe-machine.js';
import { auditLedger } from '../phases/measure-throughput.js';
import { withClient } from '../servers/bench-database.js';
import type { ServiceProcess } from '../servers/service-process.js';
import { startThrowawayServers } from '../servers/throwaway-servers.js';
import { deploy } from './instances.js';
import { measureInstances, type Plan, type Row } from './measure-instances.js';

const RESULTS = fileURLToPath(new URL('../../../bench/results/scale.json', import.meta.url));
const COUNTS = [1, 2, 4];
const USERS = 10_000;
const PLAN: Plan = {
  calls: ['reserve', 'life', 'check'],
  ...{ rounds: 5, seconds: 2, connections: 64, users: USERS },
};
const HOT = ['accounts', 'reservations', 'entries', 'grants', 'idempotency_keys'];
const say = (line: string) => process.stdout.write(`${line}\n`);

export interface RowSize {
  table: string;
  rows: number;
  /** Bytes a row, of the table and of its indexes. */
  heapBytes: number;
  indexBytes: number;
}

async function rowSizes(databaseUrl: string): Promise<RowSize[]> {
  return withClient(databaseUrl, async (client) => {
    const sizes: RowSize[] = [];
    for (const table of HOT) {
      const { rows } = await client.query<Record<'count' | 'heap' | 'indexes', string>>(
        `select count(*) as count, pg_table_size('${table}') as heap, pg_indexes_size('${table}') as indexes from ${table}`,
      );
      const [count, heap, indexes] = [rows[0]?.count, rows[0]?.heap, rows[0]?.indexes].map(Number) as [
        number,
        number,
        number,
      ];
      if (count > 0) {
        sizes.push({ table, rows: count, heapBytes: heap / count, indexBytes: indexes / count });
      }
    }
    return sizes;
  });
}

function printRows(rows: Row[]): void {
  say(
    '| call | instances | calls/s | p50 ms | p99 ms | service µs | HAProxy µs | Postgres µs | Redis µs | log bytes |',
  );
  say('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const row of rows) {
    const cells = [
      row.perSecond,
      row.p50Ms,
      row.p99Ms,
      row.serviceUs,
      row.haproxyUs,
      row.postgresUs,
      row.redisUs,
    ];
    const numbers = [...cells, row.walBytes].map((value) => value.toFixed(value < 10 ? 1 : 0));
    say(`| ${[row.call, row.instances, ...numbers].join(' | ')} |`);
  }
}

async function main(): Promise<void> {
  const servers = await startThrowawayServers();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const exit = () => process.exit(1);
    process.once(name, () => void servers.close().then(exit, exit));
  }
  try {
    const generator = findGenerator();
    const machine = await describeMachine(servers, generator.name);
    const deployment = await deploy(servers, { name: 'small', users: USERS, entriesPerUser: 0 }, COUNTS);
    const rows = await measureInstances({ servers, deployment, generator }, PLAN, say);
    const sizes = await rowSizes(deployment.databaseUrl);
    await auditLedger(deployment.services[0] as ServiceProcess);
    printRows(rows);
    for (const { table, heapBytes, indexBytes } of sizes) {
      say(`${table}: ${Math.round(heapBytes)} + ${Math.round(indexBytes)} bytes a row`);
    }
    const results = { finishedAt: new Date().toISOString(), machine, plan: PLAN, rows, sizes };
    writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  } finally {
    await servers.close();
  }
}

try {
  await main();
} catch (error) {
  const { message, stack } = error as Error;
  const isPlain = error?.constructor.name === 'MissingProgram';
  process.stderr.write(`${isPlain ? message : (stack ?? message)}\n`);
  process.exitCode = 1;
}
