import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import t from 'tap';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';

t.test('while the database only reads /readyz is 503, and so are writes; then both are back', async (t) => {
  const url = await createTestDatabase(t, 'direct');
  const name = new URL(url).pathname.slice(1);
  const operator = new pg.Client({ connectionString: url });
  await operator.connect();
  t.teardown(() => operator.end());
  /** For all connections, as on a standby: those that there are end, and new ones are made so. */
  const readOnly = async (isOn: boolean) => {
    await operator.query('set default_transaction_read_only = off');
    await operator.query(
      `alter database "${name}" ${isOn ? 'set default_transaction_read_only = on' : 'reset default_transaction_read_only'}`,
    );
  };
  const endOthers = () =>
    operator.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [name],
    );
  const database = openPostgres({ url });
  t.teardown(() => database.close());
  const { call } = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  const states = async () => {
    const ready = await call('GET', '/readyz', { key: null });
    const written = await call('PUT', '/users/web:reader', { body: { username: 'x' } });
    return [ready.status, written.status].map((status) => (status < 300 ? 'up' : status));
  };
  const becomes = async (wanted: unknown[]) => {
    let found = await states();
    for (let tries = 0; tries < 200 && String(found) !== String(wanted); tries++) {
      await sleep(50);
      found = await states();
    }
    return found;
  };
  t.strictSame(await states(), ['up', 'up']);
  await readOnly(true);
  await endOthers();
  t.strictSame(await becomes([503, 503]), [503, 503]);
  t.match((await call('GET', '/readyz', { key: null })).body, {
    code: 'unavailable',
    detail: /^database down/,
  });
  await readOnly(false);
  t.strictSame(await becomes(['up', 'up']), ['up', 'up'], 'also on connections that were made meanwhile');
});
