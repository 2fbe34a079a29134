import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { UnavailableError } from '../../../../src/domain/ports/unavailable-error.js';
import type { Queryable } from '../../../../src/stores/postgres/driver/database.js';
import { freshPostgres } from '../../../support/databases.js';

// An error that nobody listens to would end the process: tap fails the test with it.
t.test('a transaction whose connection is cut fails as unavailable, and the process lives', async (t) => {
  const store = await freshPostgres(t);
  const database = await store.open();
  const cut = async (pid: number) => {
    await database.query('select pg_terminate_backend($1)', [pid]);
    while ((await database.query('select from pg_stat_activity where pid = $1', [pid])).length > 0)
      await sleep(5);
    // Its last words came before its end was seen: here they are heard, by whoever listens.
    await nextTurn();
    await nextTurn();
  };
  const pidOf = async (tx: Queryable) =>
    (await tx.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid as number;

  t.test('between two statements', async (t) => {
    const work = database.transaction(async (tx) => {
      await cut(await pidOf(tx));
      await tx.query('select 1');
    });
    await t.rejects(work, UnavailableError);
  });

  t.test('while a statement runs', async (t) => {
    const work = database.transaction(async (tx) => {
      const pid = await pidOf(tx);
      await Promise.all([tx.query('select pg_sleep(20)'), cut(pid)]);
    });
    await t.rejects(work, UnavailableError);
  });

  t.test('and the next one gets another connection', async (t) => {
    t.strictSame(await database.transaction((tx) => tx.query('select 1 as one')), [{ one: 1 }]);
  });
});
