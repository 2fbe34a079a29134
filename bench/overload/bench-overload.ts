/**
 * `npm run bench:overload`: grants at several times the rate that fits, to a service whose Postgres is far away. Says what
 * is still done in time, how soon the rest is refused, what becomes of refunds beside it, and when all is quick again.
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { percentile } from '../report/percentile.js';
import { withClient } from '../servers/bench-database.js';
import { type ServiceProcess, startService } from '../servers/service-process.js';
import { startThrowawayServers } from '../servers/throwaway-servers.js';
import { Caller, type Told } from './caller.js';
import { countOf, type Load, offer, peakOf, USERS, untilQuick } from './measure-overload.js';
import { openSlowLink } from './slow-link.js';

const SERVER = fileURLToPath(new URL('../../billing-service/src/server.js', import.meta.url));
/** As in the fault report: a pool of 10 does some 33 a second so. */
const ONE_WAY_MS = 10;
const POOL_SIZE = 10;
/** More than the pool works on at once, and not so many that they would be refused. */
const CALLERS = 12;
const PEAK_SECONDS = 15;
/** Of the peak; the report's 150 a second were as much of its 33. */
const OFFERED = 4.5;
const LOAD_SECONDS = 20;
const PARTS = 4;
const REFUNDS = 60;
/** As patience may last: what is begun after that was begun for nobody. */
const SETTLE_MS = 5_000;

const say = (line: string) => process.stdout.write(`${line}\n`);
const round = (value: number) => value.toFixed(value < 10 ? 1 : 0);
const msOf = (told: readonly Told[], share: number) =>
  round(
    percentile(
      told.map(({ ms }) => ms),
      share,
    ),
  );

/** Refunds of what was charged: each a transaction of its own, as a grant is. */
async function refunds(caller: Caller): Promise<(() => Promise<Told>)[]> {
  const charge = async (user: string) => {
    await caller.grant(user);
    const held = await caller.post('/tokens/reserve', { user, operation: 'chatgpt_message', amount: 10 });
    const { reservationId } = held.answer as { reservationId: string };
    await caller.post('/tokens/commit', { reservationId });
    return () => caller.post('/tokens/refund', { reservationId, amount: 3 });
  };
  const charged = [];
  for (let i = 0; i < REFUNDS; i++) charged.push(await charge(`bench:refund-${i}`));
  return charged;
}

function sayLoad({ told, endings, sent, seconds, startedAt }: Load, peak: number): void {
  const done = told.filter(({ outcome }) => outcome === 'done');
  const refused = told.filter(({ outcome }) => outcome === 'refused');
  const part = (i: number) =>
    done.filter(({ at }) => Math.floor(((at - startedAt) / 1000 / seconds) * PARTS) === i).length;
  const perPart = Array.from({ length: PARTS }, (_, i) => round((part(i) * PARTS) / seconds));
  const inTime = Array.from({ length: PARTS }, (_, i) => part(i)).reduce((sum, count) => sum + count, 0);
  say(`offered: ${round(sent / seconds)} grants/s for ${round(seconds)} s, ${sent} in all`);
  say(
    `goodput: ${round(inTime / seconds)}/s (${perPart.join(', ')} by quarters), ${round((100 * inTime) / seconds / peak)} % of peak`,
  );
  say(`done: ${done.length}, p50 ${msOf(done, 0.5)} ms, p99 ${msOf(done, 0.99)} ms`);
  say(`503 with Retry-After: ${refused.length}, p50 ${msOf(refused, 0.5)} ms, p99 ${msOf(refused, 0.99)} ms`);
  say(`callers who gave up: ${countOf(told, 'gone')}`);
  say(
    `refunds beside them: ${countOf(endings, 'done')} of ${endings.length} done, p50 ${msOf(endings, 0.5)} ms, p99 ${msOf(endings, 0.99)} ms`,
  );
}

async function overload(service: ServiceProcess, delay: (ms: number) => void, databaseUrl: string) {
  const caller = new Caller(service.url);
  for (let i = 0; i < USERS; i++) await caller.grant(`bench:${i}`);
  await caller.grant('bench:quick');
  const ends = await refunds(caller);
  delay(ONE_WAY_MS);
  const alone: Told[] = [];
  for (let i = 0; i < 10; i++) alone.push(await caller.grant('bench:quick'));
  const usualMs = percentile(
    alone.map(({ ms }) => ms),
    0.5,
  );
  const peak = await peakOf(caller, CALLERS, PEAK_SECONDS);
  say(`a lone grant: ${round(usualMs)} ms; peak: ${round(peak)} grants/s`);
  const before = await grants(databaseUrl);
  const startedAt = performance.now();
  const loading = offer(caller, peak * OFFERED, LOAD_SECONDS, ends);
  await sleep(LOAD_SECONDS * 1000 - (performance.now() - startedAt));
  const quickMs = await untilQuick(caller, usualMs);
  const load = await loading;
  sayLoad(load, peak);
  say(`quick again ${round(quickMs / 1000)} s after the load's end`);
  await sleep(SETTLE_MS);
  const carriedOut = (await grants(databaseUrl)) - before;
  say(`grants in the ledger: ${carriedOut}, of ${countOf(load.told, 'done')} that were answered 201`);
}

/** Of the crowd; those of the lone caller are not counted. */
async function grants(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::integer as count from entries e join user_references r using (user_id)
       where e.kind = 'grant' and r.reference ~ '^bench:[0-9]+$'`,
    );
    return rows[0]?.count ?? 0;
  });
}

async function main(): Promise<void> {
  const servers = await startThrowawayServers();
  try {
    const link = await openSlowLink(servers.postgresUrl);
    const env = { DATABASE_URL: link.url, PG_POOL_SIZE: String(POOL_SIZE) };
    const service = await startService(servers, { name: 'farebox', argv: [SERVER], env });
    say(
      `Postgres ${ONE_WAY_MS} ms away, a pool of ${POOL_SIZE}; load average ${loadavg()[0]?.toFixed(1)} at the start`,
    );
    await overload(service, link.delay, servers.postgresUrl);
    say(`load average ${loadavg()[0]?.toFixed(1)} at the end`);
    await service.stop();
    link.close();
  } finally {
    await servers.close();
  }
}

await main();
