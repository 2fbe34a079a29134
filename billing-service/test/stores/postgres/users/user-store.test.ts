import t, { type Test } from 'tap';
import { OffsetClock } from '../../../../src/domain/ports/clock.js';
import { openCatalogueStore } from '../../../../src/stores/postgres/catalogue/catalogue-store.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { PostgresUserStore } from '../../../../src/stores/postgres/users/user-store.js';
import { BOTH, type TestDatabase } from '../../../support/databases.js';
import { LocalBus } from '../../../support/local-bus.js';

async function instance(t: Test, fresh: TestDatabase, bus = new LocalBus()) {
  const database = counting(await fresh.open());
  const catalogue = await openCatalogueStore(database, bus);
  t.teardown(() => catalogue.close());
  const users = new PostgresUserStore({ database, bus, clock: new OffsetClock(), catalogue });
  return { database, users, bus };
}

/** Counts the statements that look users up. */
function counting(database: Database): Database & { looked: number } {
  const hot: Database['hot'] = (name, text, values) => {
    counted.looked += 1;
    return database.hot(name, text, values);
  };
  const counted = { ...database, looked: 0, hot };
  return counted;
}

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    // One database for all: what tells the tests apart is the names of their users.
    const store = await fresh(t);
    t.test(`50 first calls over two instances make one user, one account and no orphan`, async (t) => {
      const [a, b] = [await instance(t, store), await instance(t, store)];
      const profiles = await Promise.all(
        Array.from({ length: 50 }, (_, i) => (i % 2 ? a : b).users.register('telegram:1')),
      );
      t.equal(new Set(profiles.map((profile) => profile.userId)).size, 1);
      t.equal(profiles.filter((profile) => profile.created).length, 1, 'one caller made it');
      const [count] = await a.database.query(
        `select (select count(*)::int from users) as users, (select count(*)::int from accounts) as accounts,
        (select count(*)::int from user_references) as references`,
      );
      t.strictSame(count, { users: 1, accounts: 1, references: 1 });
    });

    t.test(`many users made by two instances in opposite orders never deadlock`, async (t) => {
      const [a, b] = [await instance(t, store), await instance(t, store)];
      for (let round = 0; round < 8; round++) {
        const names = Array.from({ length: 500 }, (_, i) => `round${round}:${i}`);
        const made = await Promise.all([
          ...names.map((name) => a.users.register(name)),
          ...names.toReversed().map((name) => b.users.register(name)),
        ]);
        t.equal(new Set(made.map((profile) => profile.userId)).size, 500);
        t.equal(made.filter((profile) => profile.created).length, 500);
      }
    });

    t.test(`misses that arrive together travel as one statement, and hits ask nothing`, async (t) => {
      const { users, database } = await instance(t, store);
      const names = ['gather:a', 'gather:b', 'gather:c'];
      await Promise.all(names.map((name) => users.ensure(name)));
      t.equal(database.looked, 2, 'one to look, one to make');
      await Promise.all(names.map((name) => users.find(name)));
      t.equal(database.looked, 2);
      t.equal(await users.find('web:nobody'), null);
      const before = database.looked;
      await users.find('web:nobody');
      t.equal(database.looked, before + 1, 'an unknown user may be made at any moment');
    });

    t.test(`an invalidated user is read again under every reference`, async (t) => {
      const { users, database, bus } = await instance(t, store);
      const { userId } = await users.ensure('web4:a');
      await database.query(`insert into user_references values ('telegram:4', $1, now())`, [userId]);
      t.equal((await users.find('telegram:4'))?.userId, userId);
      await database.query(`update users set tier = 'business' where id = $1`, [userId]);
      t.equal((await users.find('web4:a'))?.tier, 'gift', 'cached');
      bus.publish({ kind: 'user', userId });
      for (const name of ['telegram:4', 'web4:a']) t.equal((await users.find(name))?.tier, 'business', name);
    });

    t.test(`a read that began before a change is not kept`, async (t) => {
      const { users, database, bus } = await instance(t, store);
      const { userId } = await users.ensure('web5:a');
      for (const event of [{ kind: 'user', userId } as const, { kind: 'all' } as const]) {
        bus.publish({ kind: 'all' });
        const before = database.looked;
        const reading = users.find('web5:a');
        while (database.looked === before) await Promise.resolve();
        bus.publish(event);
        await reading;
        const asked = database.looked;
        await users.find('web5:a');
        t.equal(database.looked, asked + 1, event.kind);
      }
    });

    t.test(`without a channel to join, a new user's first period is due at once`, async (t) => {
      const { users, database } = await instance(t, store);
      const due = async (userId: number) =>
        (
          await database.query<{ due: Date | null }>(
            'select next_due_at as due from accounts where user_id = $1',
            [userId],
          )
        )[0]?.due;
      t.equal(await due((await users.ensure('web6:a')).userId), null);
      await database.query('update tiers set requires_channel = false');
      const later = await instance(t, { kind: database.kind, open: async () => database });
      t.type(await due((await later.users.ensure('web6:b')).userId), Date);
    });
  });
}
