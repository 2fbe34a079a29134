/** A real Prometheus reads a service under load: every panel has data; then the service is hurt, and the alerts fire. */
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { PrivateRedis } from '../stores/redis/private-redis.js';
import { dashboardPanels } from '../support/dashboard-panels.js';
import { openSession, type Session } from '../support/held-row.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { type Prometheus, startPrometheus } from '../support/start-prometheus.js';
import { startService } from '../support/start-service.js';
import { whereFound } from '../support/test-environment.js';
import { type Caller, callerOf } from './mixed-calls.js';

t.setTimeout(400_000);
const HELD = 'web:held';
const HELD_CALLS = 20;
const wait = async () => {};

/**
 * Until each of these fires, while the trouble goes on: a series that is first read with all that will ever happen in it
 * has no rate, so trouble that ends between two readings is never seen.
 */
async function fire(
  t: Test,
  prometheus: Prometheus,
  trouble: () => Promise<unknown>,
  ...alerts: string[]
): Promise<void> {
  for (const alert of alerts) {
    for (let round = 1; !(await prometheus.firing()).includes(alert); round++) {
      await trouble();
      await pause(200);
      if (round % 50 === 0) t.comment(`${alert} does not fire yet`);
    }
    t.pass(`${alert} fires`);
  }
}

/** A few calls of each kind, and more for one locked account than can be; the next time for another user. */
function overload(caller: Caller): () => Promise<void> {
  let round = 0;
  return async () => {
    for (let i = 0; i < HELD_CALLS; i++) void caller.grant(HELD).catch(() => undefined);
    await caller.someOfEach(`web:user-${round++}`);
  };
}

/** Until no query is without data. */
async function untilAllShow(
  queries: string[],
  prometheus: Prometheus,
  work: () => Promise<void>,
): Promise<void> {
  for (let [empty, round] = [queries, 0]; empty.length > 0; round++) {
    await work();
    await pause(500);
    const counts = await Promise.all(empty.map((query) => prometheus.count(query)));
    empty = empty.filter((_, i) => counts[i] === 0);
    if (round % 20 === 19) t.comment(`no data yet: ${empty.join('\n')}`);
  }
}

/** What no call of the service could have done, and a hold and an account that nobody can bring up to now. */
async function tamper({ query }: Session): Promise<void> {
  await query(`update accounts set reserved = reserved + 1 where user_id =
    (select user_id from user_references where reference = 'web:user-0')`);
  await query(`insert into accounts (user_id, next_due_at) values (1000001, now() - interval '1 hour')`);
  await query(`insert into accounts (user_id, hold_due_at, reserved, open_count)
    values (1000002, now() - interval '1 hour', 1, 1)`);
}

t.test('a real Prometheus', whereFound('TEST_PROMETHEUS', 'prometheus'), async (t) => {
  const redis = await PrivateRedis.start();
  t.teardown(() => redis.stop());
  const databaseUrl = await createTestDatabase(t);
  const service = await startService(t, {
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redis.url, TEST_CLOCK: 'true' },
    MAX_FAILED_AUTH_PER_MINUTE: '100000',
  });
  const caller = callerOf(service);
  const prometheus = await startPrometheus(t, { farebox: new URL(service.metricsUrl).host });
  const session = await openSession(t, databaseUrl);
  const trouble = overload(caller);

  await t.test('each query of the dashboard returns data', async (t) => {
    const queries = dashboardPanels().flatMap((panel) => panel.queries);
    const ours = queries.filter((query) => !query.includes('farebox_bot_'));
    t.ok(ours.length > 25, 'the queries were found');
    await caller.grant(HELD);
    await session.hold(HELD);
    await untilAllShow(ours, prometheus, trouble);
    const firing = await prometheus.firing();
    for (const alert of [
      'LimitsDegraded',
      'InstanceDown',
      'AuditMismatch',
      'InvariantBroken',
      'SweeperBehind',
    ])
      t.notOk(firing.includes(`Farebox${alert}`), `${alert}: all is well so far`);
  });

  await t.test('too many calls, work that nobody pays, and no audit are seen', async (t) => {
    await fire(t, prometheus, trouble, 'FareboxOverloaded', 'FareboxErrors', 'FareboxSlow');
    await fire(t, prometheus, trouble, 'FareboxUncollectedRising', 'FareboxAuditMissing');
    await session.release();
  });

  await t.test('guessed keys and holds that nobody settles are seen', async (t) => {
    await caller.guessKeys(800);
    await fire(t, prometheus, () => caller.guessKeys(100), 'FareboxKeysGuessed');
    const forget = async () => {
      await caller.leaveHolds('web:forgetful', 30);
      await caller.advance(3_600);
    };
    await fire(t, prometheus, forget, 'FareboxHoldsLapse');
  });

  await t.test('rows that were changed past the service are seen', async (t) => {
    await tamper(session);
    await caller.audit();
    await fire(
      t,
      prometheus,
      () => caller.grant('web:user-0'),
      'FareboxAuditMismatch',
      'FareboxInvariantBroken',
    );
    await fire(t, prometheus, wait, 'FareboxSweeperBehind', 'FareboxHoldsOverdue');
    t.notOk((await prometheus.firing()).includes('FareboxAuditMissing'), 'there was an audit');
  });

  await t.test('a lost Redis and a lost instance are seen', async (t) => {
    await redis.stop();
    await fire(t, prometheus, wait, 'FareboxLimitsDegraded');
    await service.kill9();
    await fire(t, prometheus, wait, 'FareboxInstanceDown');
  });
});
