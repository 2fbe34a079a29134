/** More is asked than can be done: what is taken is done in time, the rest is told at once, and nothing lingers. */
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { buildApp } from '../../src/app.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { cableTo } from '../support/cut-cable.js';
import { callService } from '../support/instances.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

/**
 * A database 60 ms away and two transactions at once. How many that are a second is a matter of the machine and of what
 * else runs on it, so goodput is told without a clock: how much of their time connections are in a transaction, times the
 * share of transactions whose caller still waits for them.
 */
const ONE_WAY_MS = 30;
const POOL_SIZE = 2;
const USERS = 50;
const PEAK_CALLERS = 4;
const PEAK_MS = 10_000;
/** Times the peak. */
const OFFERED = 4.5;
const LOAD_MS = 20_000;
const GIVE_UP_MS = 3_000;
const RECOVERED_MS = 5_000;
const LOOK_EVERY_MS = 25;
const UNDER_WAY = `select count(xact_start)::int as busy from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;
/** One after the other: fewer than are done in the time of the load. */
const REFUNDS = 8;

type Told = 'done' | 'refused' | 'given up';
type Grant = () => Promise<Told>;

async function farebox(t: Test) {
  const server = await createTestDatabase(t);
  const cable = await cableTo(t, server);
  const prepared = usualWay() === 'direct';
  const database = openPostgres({ url: cable.url, preparedStatements: prepared, poolSize: POOL_SIZE });
  t.teardown(() => database.close());
  const { services } = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  const app = await buildApp({ services });
  t.teardown(() => app.close());
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  let asked = 0;
  const grant: Grant = async () => {
    const i = asked++;
    const body = { user: `web:${i % USERS}`, amount: 1, source: 'promo', reason: 'test' };
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'idempotency-key': `grant ${i}` };
    try {
      const signal = AbortSignal.timeout(GIVE_UP_MS);
      const answer = await callService(url, 'POST', '/tokens/grant', body, headers, signal);
      const isRefusal = answer.status === 503 && Number(answer.headers.get('retry-after')) > 0;
      if (answer.status !== 201 && !isRefusal) t.fail(`answered ${answer.status}`);
      return isRefusal ? 'refused' : 'done';
    } catch {
      return 'given up';
    }
  };
  /** Of what was charged: a transaction of its own, as a grant is. Its user is nobody else's. */
  const refundOf = async (user: string) => {
    const post = (path: string, body: object) =>
      callService(url, 'POST', path, body, {
        authorization: `Bearer ${ADMIN_KEY}`,
        'idempotency-key': `${path} ${user}`,
      });
    await post('/tokens/grant', { user, amount: 10, source: 'promo', reason: 'test' });
    const hold = { user, operation: 'chatgpt_message', amount: 5 };
    const { reservationId } = (await post('/tokens/reserve', hold)).body;
    await post('/tokens/commit', { reservationId });
    return async () => (await post('/tokens/refund', { reservationId, amount: 2 })).status;
  };
  const direct = openPostgres({ url: server, preparedStatements: prepared, poolSize: 1 });
  t.teardown(() => direct.close());
  /** The mean number of transactions under way while `work` runs. */
  const atWork = async (work: Promise<unknown>) => {
    let [isOver, looks, seen] = [false, 0, 0];
    void work.finally(() => {
      isOver = true;
    });
    for (; !isOver; await sleep(LOOK_EVERY_MS)) {
      const [row] = await direct.query<{ busy: number }>(UNDER_WAY);
      looks += 1;
      seen += row?.busy ?? 0;
    }
    return seen / looks;
  };
  const granted = async () => {
    const [row] = await database.query<{ sum: number }>('select sum(amount)::bigint as sum from entries');
    return row?.sum ?? 0;
  };
  return { cable, grant, refundOf, granted, atWork };
}

/** As many a second as are done when each caller waits for its answer, the last ones' wait included. */
async function peakOf(grant: Grant): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + PEAK_MS;
  let done = 0;
  const closedLoop = async () => {
    while (performance.now() < until) if ((await grant()) === 'done') done += 1;
  };
  await Promise.all(Array.from({ length: PEAK_CALLERS }, closedLoop));
  return done / ((performance.now() - startedAt) / 1000);
}

/** Calls at a fixed rate, whatever becomes of them; `told` goes on counting. */
async function offer(grant: Grant, perSecond: number) {
  const told: Record<Told, number> = { done: 0, refused: 0, 'given up': 0 };
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let sent = 0;
  for (; seconds() < LOAD_MS / 1000; await sleep(20)) {
    for (const due = seconds() * perSecond; sent < due; sent++) void grant().then((what) => told[what]++);
  }
  return { told, sent };
}

t.setTimeout(240_000);
t.test(
  '4.5 times as many grants as fit: at least 80 % of the peak is done in time, no more begun',
  async (t) => {
    const { cable, grant, granted, atWork } = await farebox(t);
    for (let i = 0; i < USERS; i++) t.equal(await grant(), 'done');
    cable.delay(ONE_WAY_MS);
    const peak = peakOf(grant);
    const busyAtPeak = await atWork(peak);
    const perSecond = await peak;

    const before = await granted();
    const load = offer(grant, perSecond * OFFERED);
    const busy = await atWork(load);
    const { told, sent } = await load;

    await sleep(RECOVERED_MS);
    t.equal(told.done + told.refused + told['given up'], sent, 'nothing waits any more');
    t.equal(await grant(), 'done', 'and the next call is served');
    const carriedOut = (await granted()) - before - 1;
    t.ok(carriedOut >= told.done, 'what was promised was done');
    const goodput = busy * (told.done / carriedOut);
    t.comment({ perSecond, busyAtPeak, busy, goodput, told, carriedOut });
    t.ok(goodput >= 0.8 * busyAtPeak, `goodput ${goodput}, peak ${busyAtPeak}`);
    t.ok(carriedOut <= told.done + told['given up'], `what was refused was not: ${carriedOut}`);
    t.ok(told['given up'] <= PEAK_CALLERS, `hardly anybody waited for nothing: ${told['given up']}`);
  },
);

t.test('while grants are refused for want of time, no refund is', async (t) => {
  const { cable, grant, refundOf } = await farebox(t);
  for (let i = 0; i < USERS; i++) t.equal(await grant(), 'done');
  const refunds: (() => Promise<number>)[] = [];
  for (let i = 0; i < REFUNDS; i++) refunds.push(await refundOf(`web:paid-${i}`));
  cable.delay(ONE_WAY_MS);
  const perSecond = await peakOf(grant);

  const offered = offer(grant, perSecond * OFFERED);
  const statuses: number[] = [];
  for (const refund of refunds) statuses.push(await refund());
  const { told } = await offered;
  t.comment({ perSecond, told, statuses: statuses.join(' ') });
  t.ok(told.refused > told.done, 'most grants were refused');
  t.strictSame(
    statuses,
    refunds.map(() => 200),
  );
});
