/** Somebody else holds the rows of some accounts: the walk of the route table, for their users and for another. */
import t, { type Test } from 'tap';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { everyCall, OPERATION } from '../support/every-call.js';
import { openSession } from '../support/held-row.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';

/** These change an account, or what must be in step with it. All others only read, or have nothing to do with one. */
const NEEDS_ROW = new Set([
  'POST /tokens/reserve',
  'POST /tokens/commit',
  'POST /tokens/refund',
  'POST /tokens/reserve/batch',
  'POST /tokens/commit/batch',
  'POST /tokens/refund/batch',
  'POST /tokens/extend',
  'POST /tokens/grant',
  'POST /users/:user/references',
  'DELETE /users/:user/references/:reference',
  'PUT /users/:user/block',
  'PUT /users/:user/overrides',
  'PUT /users/:user/tier',
  'PUT /users/:user/channel-subscription',
  'POST /payments',
]);
/** For a herd on a busy machine: what is refused here is refused for the row's sake. */
const ENOUGH_MS = 60_000;
const HOLDER = 'web:holder';
const HELD = 'web:held';
const NEIGHBOUR = 'web:neighbour';

async function farebox(t: Test) {
  const url = await createTestDatabase(t);
  const prepared = usualWay() === 'direct';
  const database = openPostgres({ url, preparedStatements: prepared });
  t.teardown(() => database.close());
  const { call, services } = await testApp(t, {
    store: { kind: 'postgres', open: async () => database },
    answerWithinMs: ENOUGH_MS,
  });
  const holdOf = async (user: string): Promise<string> => {
    const grant = { user, amount: 100, source: 'promo', reason: 'test' };
    await call('POST', '/tokens/grant', { body: grant, headers: { 'idempotency-key': 'start' } });
    const held = await call('POST', '/tokens/reserve', { body: { user, operation: OPERATION } });
    return held.body.reservationId;
  };
  await holdOf(HELD);
  const reservationId = await holdOf(HOLDER);
  const neighbours = await holdOf('web:neighbours-holder');
  await holdOf(NEIGHBOUR);
  const walk = everyCall({ services, call }, () => true);
  // All connections are made, and all code was used once, before it counts.
  await walk('web:first', await holdOf('web:first'));
  return {
    ...{ url, prepared },
    session: await openSession(t, url),
    audit: async () => (await call('GET', '/audit')).body,
    /** For the users of the held rows. */
    walk: () => walk(HELD, reservationId),
    walkBeside: () => walk(NEIGHBOUR, neighbours),
  };
}
type Farebox = Awaited<ReturnType<typeof farebox>>;

async function stopsItsUsersOnly(t: Test, { walk, walkBeside }: Farebox): Promise<void> {
  const [answers, beside] = await Promise.all([walk(), walkBeside()]);
  for (const { route, status, headers } of answers) {
    if (!NEEDS_ROW.has(route)) t.ok(status < 500, `${route}: ${status}`);
    else t.match({ status, headers }, { status: 503, headers: { 'retry-after': /^\d+$/ } }, route);
  }
  for (const { route, status } of beside) t.ok(status < 500, `${route} for another: ${status}`);
}

async function isServed(t: Test, { walk, audit }: Farebox): Promise<void> {
  for (const { route, status } of await walk()) t.ok(status < 500, `${route}: ${status}`);
  t.match(await audit(), { mismatches: [] });
}

t.setTimeout(180_000);
t.test('a session holds them: their users are told so, all others are served', async (t) => {
  const service = await farebox(t);
  for (const user of [HELD, HOLDER]) await service.session.hold(user);
  await stopsItsUsersOnly(t, service);
  await service.session.release();
  await isServed(t, service);
});

t.test('an instance stops in a transaction that holds them: until the server ends it', async (t) => {
  const service = await farebox(t);
  const { url, prepared, session } = service;
  const peer = openPostgres({ url, preparedStatements: prepared });
  t.teardown(() => peer.close());
  let goOn = () => {};
  const frozen = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const ids = await session.query<{ user_id: string }>(
    'select user_id from user_references where reference in ($1, $2)',
    [HELD, HOLDER],
  );
  const stops = new Promise<void>((hasStopped) => {
    const lost = peer.transaction(async (tx) => {
      for (const { user_id } of ids) {
        await tx.query('select from accounts where user_id = $1 for update', [user_id]);
      }
      hasStopped();
      await frozen;
      await tx.query('select 1');
    });
    t.rejects(lost, { name: 'UnavailableError' }, 'when it goes on, its transaction is no more');
  });
  await stops;
  await stopsItsUsersOnly(t, service);
  // Waits for the rows, however long: only the server can take them from it.
  for (const user of [HELD, HOLDER]) await session.hold(user);
  await session.release();
  await isServed(t, service);
  goOn();
});
