/** Users of one round are made in one statement; one that somebody else is making must not keep the others from it. */
import t, { type Test } from 'tap';
import { OffsetClock } from '../../../../src/domain/ports/clock.js';
import { openCatalogueStore } from '../../../../src/stores/postgres/catalogue/catalogue-store.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { LockedError } from '../../../../src/stores/postgres/driver/failure.js';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { PostgresUserStore } from '../../../../src/stores/postgres/users/user-store.js';
import { openSession } from '../../../support/held-row.js';
import { LocalBus } from '../../../support/local-bus.js';
import { createTestDatabase, usualWay } from '../../../support/postgres-template.js';

async function instance(t: Test) {
  const url = await createTestDatabase(t);
  const database = openPostgres({ url, preparedStatements: usualWay() === 'direct' });
  t.teardown(() => database.close());
  /** How many users each statement that makes some was sent for. */
  const made: number[] = [];
  const hot: Database['hot'] = (name, text, values) => {
    if (name === 'create_profiles') made.push(String(values[0]).split(',').length);
    return database.hot(name, text, values);
  };
  const bus = new LocalBus();
  const catalogue = await openCatalogueStore(database, bus);
  t.teardown(() => catalogue.close());
  const users = new PostgresUserStore({
    database: { ...database, hot },
    ...{ bus, clock: new OffsetClock(), catalogue },
  });
  return { users, made, session: await openSession(t, url) };
}

t.setTimeout(60_000);
t.test('one that another session is making stops its own callers, and nobody else', async (t) => {
  const { users, made, session } = await instance(t);
  await session.query('begin');
  await session.query(
    `with made as (insert into users (tier, created_at) values ('gift', now()) returning id)
     insert into user_references (reference, user_id, created_at) select 'web:b', id, now() from made`,
  );
  const names = ['web:a', 'web:b', 'web:c', 'web:b'];
  const ends = await Promise.allSettled(names.map((name) => users.register(name)));
  t.strictSame(
    ends.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
  );
  for (const end of ends) if (end.status === 'rejected') t.type(end.reason, LockedError);
  t.strictSame(made, [3, 1, 1, 1], 'together, then each alone');

  await session.query('rollback');
  t.match(await users.register('web:b'), { created: true }, 'let go, it is made');
  t.match(await users.register('web:a'), { created: false });
});
