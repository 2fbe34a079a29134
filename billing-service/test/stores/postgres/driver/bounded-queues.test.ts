/** Nothing in the stores queues without end: one more than its bound is refused at once, the others are served. */
import { setImmediate as endOfTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { patienceOf } from '../../../../src/domain/ports/patience.js';
import { OverloadedError } from '../../../../src/domain/ports/unavailable-error.js';
import type { UserProfile } from '../../../../src/domain/users/user.js';
import { ConnectionPool } from '../../../../src/stores/postgres/driver/connection-pool.js';
import { orUnavailable } from '../../../../src/stores/postgres/driver/failure.js';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { Batch } from '../../../../src/stores/postgres/ledger/batch.js';
import { packs } from '../../../../src/stores/postgres/schema/schema.js';
import { ProfileLoader } from '../../../../src/stores/postgres/users/profile-loader.js';
import { createTestDatabase } from '../../../support/postgres-template.js';

/** So long that nobody is refused for lack of time. */
const LONG_MS = 10 ** 9;

/** What waits until `open` is called. */
function gate() {
  let open = () => {};
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { held, open };
}

/** `ask` once more than `bound`, all in one turn of the event loop. */
async function isBounded(t: Test, bound: number, ask: () => Promise<unknown>, open: () => void) {
  const waiting = Array.from({ length: bound }, ask);
  await t.rejects(ask(), OverloadedError, 'one more is refused, while all the others wait');
  open();
  const ends = await Promise.allSettled(waiting);
  // On a busy machine the last ones may wait too long for one connection; that is another bound.
  const isRefusal = (end: PromiseSettledResult<unknown>) =>
    end.status === 'rejected' && end.reason instanceof OverloadedError;
  t.notOk(ends.some(isRefusal), 'and none of these');
}

t.test('hot calls: twenty full statements of one kind wait', async (t) => {
  const { held, open } = gate();
  const batch = new Batch<number, number>({
    name: 'test',
    maxItems: 10,
    work: 'ending',
    conflictsOf: () => [],
    send: async (items) => {
      await held;
      return items;
    },
  });
  const ask = () => batch.add(1, patienceOf(LONG_MS));
  const first = ask();
  await endOfTurn();
  await isBounded(t, 200, ask, open);
  await first;
});

t.test('connections: a thousand wait for one', async (t) => {
  const pool = new ConnectionPool({ url: await createTestDatabase(t) }, { max: 1 });
  t.teardown(() => pool.end());
  const first = await pool.take();
  const ask = async () => pool.giveBack(await pool.take());
  await isBounded(t, 1_000, ask, () => pool.giveBack(first));
});

t.test('connections: statements of drizzle wait in the same line', async (t) => {
  const database = openPostgres({ url: await createTestDatabase(t, 'direct'), poolSize: 1 });
  t.teardown(() => database.close());
  const { held, open } = gate();
  const first = database.transaction(() => held);
  const ask = () => orUnavailable(database.drizzle.select().from(packs));
  await isBounded(t, 1_000, ask, open);
  await first;
});

t.test('users that are looked up: ten thousand wait', async (t) => {
  const { held, open } = gate();
  const profile = { userId: 1 } as UserProfile;
  const find = async (references: readonly string[]) => {
    await held;
    return new Map(references.map((reference) => [reference, profile]));
  };
  const loader = new ProfileLoader({ find, create: find }, { get: () => undefined, set: () => {} });
  let asked = 0;
  const ask = () => loader.load(`web:${asked++}`, false);
  const first = ask();
  await endOfTurn();
  await isBounded(t, 10_000, ask, open);
  await first;
});
