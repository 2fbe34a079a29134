/** Whether an instance is ready is asked on a connection that nothing else can use up. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';

const POOL_SIZE = 3;
const HOT_CONNECTIONS = 8;
/** Of each pool: those that have its connections, and those that wait for one. */
const EACH = 2;
/** Longer than a probe is waited for. */
const NAP = 'select pg_sleep(2.5)';

t.setTimeout(120_000);
t.test('/readyz is 200 while every other connection is in use and waited for', async (t) => {
  // Past any pooler: its connections are its own affair.
  const database = openPostgres({ url: await createTestDatabase(t, 'direct'), poolSize: POOL_SIZE });
  t.teardown(() => database.close());
  const { call } = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  let isOver = false;
  let naps = 0;
  const nap = async (ask: () => Promise<unknown>) => {
    // One that waited in vain for a connection sees that they are all in use.
    while (!isOver)
      await ask().then(
        () => naps++,
        () => {},
      );
  };
  const many = (count: number, ask: () => Promise<unknown>) => Array.from({ length: count }, () => nap(ask));
  const users = [
    ...many(EACH * POOL_SIZE, () => database.transaction((tx) => tx.query(NAP))),
    ...many(EACH * HOT_CONNECTIONS, () => database.hot('nap', NAP, [])),
  ];
  while (naps === 0) await sleep(50);
  for (let i = 0; i < 5; i++) {
    t.match(await call('GET', '/readyz'), { status: 200, body: { database: 'up' } });
    await sleep(200);
  }
  isOver = true;
  await Promise.all(users);
});
