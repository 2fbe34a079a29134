/** Something in the house stands still: an instance between BEGIN and COMMIT, or one process of Postgres. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { openSession, type Session } from '../support/held-row.js';
import { callService } from '../support/instances.js';
import { otherUsers, wasUndisturbed } from '../support/other-users.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { type RunningService, startService } from '../support/start-service.js';

const PROMISED_MS = 5_000;
const IDLE_MS = 3_000;
/** Longer than an instance may sit in a transaction. */
const FROZEN_MS = 15_000;
const LOCKED = 'web:locked';

t.setTimeout(300_000);

const asker = (service: RunningService) => {
  let asked = 0;
  return (method: string, path: string, body?: object) =>
    callService(service.url, method, path, body, {
      authorization: `Bearer ${service.adminKey}`,
      ...(method === 'POST' ? { 'idempotency-key': `${service.url} ${asked++}` } : {}),
    });
};
type Ask = ReturnType<typeof asker>;

const grantTo = (ask: Ask, user: string) =>
  ask('POST', '/tokens/grant', { user, amount: 1_000, source: 'promo', reason: 'test' });
const reserveFor = (ask: Ask, user: string) =>
  ask('POST', '/tokens/reserve', { user, operation: 'chatgpt_message', amount: 1 });

async function withinPromise(t: Test, what: string, ask: () => ReturnType<Ask>) {
  const startedAt = performance.now();
  const answer = await ask();
  const ms = performance.now() - startedAt;
  t.ok(ms <= PROMISED_MS, `${what}: ${answer.status} after ${Math.round(ms)} ms`);
  if (answer.status === 503) t.match(answer.headers.get('retry-after'), /^\d+$/, what);
  return answer.status;
}

/** Until the test ends, or what is returned is called. */
function stopProcess(t: Test, pid: number): () => void {
  const goOn = () => {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It has ended meanwhile.
    }
  };
  process.kill(pid, 'SIGSTOP');
  t.teardown(goOn);
  return goOn;
}

/** Until a statement of the service waits for a lock. */
async function waiterOf(session: Session): Promise<number> {
  for (;;) {
    const [row] = await session.query<{ pid: number }>(
      `select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (row) return row.pid;
    await sleep(5);
  }
}

/** So many at once that every connection of the pool is taken. @returns how many were not served */
async function refusedOfMany(ask: Ask): Promise<number> {
  const users = Array.from({ length: 30 }, (_, i) => `web:one-of-many-${i}`);
  const answers = await Promise.all(users.map((user) => grantTo(ask, user)));
  return answers.filter(({ status }) => status !== 201).length;
}

/**
 * The one that was used last, and is likely to be used next. Looked at again when it stands: given a statement a moment before, it may
 * hold the lock of the log itself, and then nobody's COMMIT ends.
 */
async function stopIdleProcess(t: Test, session: Session): Promise<() => void> {
  const idle = (which: string) =>
    session.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and state = 'idle'
       and wait_event = 'ClientRead' and ${which} order by query_start desc limit 1`,
    );
  for (;;) {
    const [newest] = await idle('pid <> pg_backend_pid()');
    if (!newest) continue;
    const { pid } = newest;
    const goOn = stopProcess(t, pid);
    while (!/^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) await sleep(5);
    if ((await idle(`pid = ${pid}`)).length > 0) return goOn;
    goOn();
  }
}

t.test('an instance frozen between BEGIN and COMMIT stops one user for 5 s, and nobody else', async (t) => {
  const settings = { DATABASE_URL: await createTestDatabase(t) };
  const [healthy, frozen] = await Promise.all([startService(t, settings), startService(t, settings)]);
  const ask = asker(healthy);
  const askFrozen = asker(frozen);
  await grantTo(ask, LOCKED);
  await grantTo(askFrozen, LOCKED);
  const others = await otherUsers(t, ask);
  await sleep(IDLE_MS);
  const idle = others.course();

  // It waits for the row; when it gets it, it is frozen already, and will not hear of it.
  const session = await openSession(t, settings.DATABASE_URL);
  await session.hold(LOCKED);
  const lost = grantTo(askFrozen, LOCKED).catch(() => undefined);
  await waiterOf(session);
  const thaw = stopProcess(t, frozen.process.pid as number);
  await session.release();

  const until = performance.now() + FROZEN_MS;
  const statuses: number[] = [];
  while (performance.now() < until) {
    const [reserved, granted] = await Promise.all([
      withinPromise(t, 'reserve', () => reserveFor(ask, LOCKED)),
      withinPromise(t, 'grant', () => grantTo(ask, LOCKED)),
      sleep(500),
    ]);
    statuses.push(reserved, granted);
  }
  t.comment(statuses.join(' '));
  t.ok(statuses.includes(503), 'the user of the held row waits in vain');
  t.strictSame(statuses.slice(-2), [201, 201], 'and is served while the peer is still frozen');
  wasUndisturbed(t, others.course(), idle, 'beside a frozen peer');
  await others.stop();
  thaw();
  await lost;
  t.match(await ask('GET', '/audit'), { body: { mismatches: [] } });
});

t.test('a process of Postgres stopped while it holds a row stops one user, and nobody else', async (t) => {
  const settings = { DATABASE_URL: await createTestDatabase(t) };
  const ask = asker(await startService(t, settings));
  await grantTo(ask, LOCKED);
  const others = await otherUsers(t, ask);
  await sleep(IDLE_MS);
  const idle = others.course();

  const session = await openSession(t, settings.DATABASE_URL);
  // It has the account's row, and waits to write the grant: nobody else touches that table now.
  await session.query('begin');
  await session.query('lock table grants in exclusive mode');
  const stuck = withinPromise(t, 'its own call', () => grantTo(ask, LOCKED));
  const goOn = stopProcess(t, await waiterOf(session));
  await session.release();

  const until = performance.now() + FROZEN_MS;
  while (performance.now() < until) {
    const [status] = await Promise.all([
      withinPromise(t, 'reserve', () => reserveFor(ask, LOCKED)),
      sleep(500),
    ]);
    t.equal(status, 503, 'the user of the held row waits in vain');
  }
  t.equal(await stuck, 503);
  wasUndisturbed(t, others.course(), idle, 'beside a stopped process');
  goOn();
  while ((await reserveFor(ask, LOCKED)).status !== 201) await sleep(100);
  await others.stop();
  t.match(await ask('GET', '/audit'), { body: { mismatches: [] } });
});

t.test(
  'a process of Postgres stopped while it holds nothing: its calls fail, and then all is well',
  async (t) => {
    const settings = { DATABASE_URL: await createTestDatabase(t) };
    const ask = asker(await startService(t, settings));
    const others = await otherUsers(t, ask);
    await sleep(IDLE_MS);
    const session = await openSession(t, settings.DATABASE_URL);
    const goOn = await stopIdleProcess(t, session);
    others.course();
    // Its calls fail when their time is up, on a busy machine some time later.
    let failed = 0;
    const failures = () => Object.values(others.course().failures).reduce((sum, count) => sum + count, 0);
    const until = performance.now() + 6 * PROMISED_MS;
    while (failed === 0 && performance.now() < until) {
      failed += await refusedOfMany(ask);
      failed += failures();
    }
    await sleep(PROMISED_MS);
    failed += failures();
    t.ok(failed > 0 && failed <= 10, `${failed} failed: those of one statement at most`);
    await sleep(PROMISED_MS);
    const later = others.course();
    t.comment(JSON.stringify({ failed, later }));
    t.ok(later.calls > 0);
    t.strictSame(later.failures, {}, 'it is not used again');
    goOn();
    await others.stop();
  },
);
