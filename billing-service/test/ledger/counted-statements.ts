/** A farebox whose slow calls' statements are counted, and one user. */
import type { Test } from 'tap';
import type { Database, Queryable } from '../../src/stores/postgres/driver/database.js';
import type { TestDatabase } from '../support/databases.js';
import { openFarebox, SetClock } from '../support/farebox.js';

const START = Date.parse('2027-03-01T10:00:00Z');

/** `database`, and how many statements its transactions have sent. */
function counting(database: Database): { database: Database; sent: { count: number } } {
  const sent = { count: 0 };
  const drizzle = (real: Queryable['drizzle']) =>
    new Proxy(real, {
      get(target, name, receiver) {
        if (['select', 'insert', 'update', 'delete'].includes(String(name))) sent.count += 1;
        return Reflect.get(target, name, receiver);
      },
    });
  const counted = (tx: Queryable): Queryable => ({
    drizzle: drizzle(tx.drizzle),
    query: (text, values) => {
      sent.count += 1;
      return tx.query(text, values);
    },
  });
  const transaction: Database['transaction'] = (work) => database.transaction((tx) => work(counted(tx)));
  return { database: { ...database, transaction }, sent };
}

export async function countedStatements(t: Test, store: TestDatabase) {
  const real = await store.open();
  const { database, sent } = counting(real);
  const farebox = await openFarebox(t, { ...store, open: async () => database }, new SetClock(START));
  const { userId } = await farebox.users.ensure('web:crowded');
  return { farebox, sent, userId };
}
