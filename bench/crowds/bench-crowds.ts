/**
 * `npm run bench:crowds`: one account with 10,000 overdue holds, and one with thousands of live grants, on Postgres. Says
 * how long the calls take, the CPU they cost this process, and the longest turn of its event loop.
 */
import { loadavg } from 'node:os';
import { compose } from '../../billing-service/src/compose.js';
import { OffsetClock } from '../../billing-service/src/domain/ports/clock.js';
import { SILENT } from '../../billing-service/src/domain/ports/telemetry.js';
import { MemoryBus } from '../../billing-service/src/stores/memory/memory-bus.js';
import { MemoryLimitStore } from '../../billing-service/src/stores/memory/memory-limit-store.js';
import { migrate } from '../../billing-service/src/stores/postgres/driver/migrate.js';
import { openPostgres } from '../../billing-service/src/stores/postgres/driver/node-postgres.js';
import { startThrowawayServers } from '../servers/throwaway-servers.js';
import { crowdedGrants } from './crowded-grants.js';
import { overdueHolds } from './overdue-holds.js';
import type { Cost } from './watch-turns.js';

const ROUNDS = 9;
const HOLDS = 10_000;
const GRANTS = [10, 1_000, 5_000];

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Each of its best round and its median: the best is what the work costs, the rest is what else this machine does. */
function sayCosts(name: string, costs: Cost[]): void {
  const figure = (pick: (cost: Cost) => number): string => {
    const sorted = costs.map(pick).sort((a, b) => a - b);
    const [best, median] = [sorted[0], sorted[Math.floor(sorted.length / 2)]] as [number, number];
    return `${best.toFixed(1)} (${median.toFixed(1)})`;
  };
  const times = [figure((c) => c.totalMs), figure((c) => c.cpuMs)];
  const turns = [figure((c) => c.longestTurnMs), figure((c) => c.longestTurnCpuMs)];
  say(`| ${[name, ...times, ...turns].join(' | ')} |`);
}

async function main(): Promise<void> {
  const servers = await startThrowawayServers();
  try {
    const database = openPostgres({ url: servers.postgresUrl });
    await migrate(database);
    const clock = new OffsetClock();
    const { services, close } = await compose({
      ...{
        database,
        clock,
        telemetry: SILENT,
        bus: new MemoryBus(),
        limits: new MemoryLimitStore({ clock }),
      },
      ...{ adminKey: undefined, testClock: false, warn: (error: unknown) => say(String(error)) },
    });
    const bench = { database, services };
    say(`${ROUNDS} rounds, best (median); load average ${loadavg()[0]?.toFixed(1)} at the start`);
    say('| work | total ms | CPU ms | longest turn ms | its CPU ms |');
    say('| --- | ---: | ---: | ---: | ---: |');
    sayCosts(`${HOLDS} overdue holds end`, await overdueHolds(bench, HOLDS, ROUNDS));
    for (const count of GRANTS) {
      sayCosts(`a payment beside ${count} live grants`, await crowdedGrants(bench, count, ROUNDS));
    }
    say(`load average ${loadavg()[0]?.toFixed(1)} at the end`);
    await close();
    await database.close();
  } finally {
    await servers.close();
  }
}

await main();
