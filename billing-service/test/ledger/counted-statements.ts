/** A farebox whose slow calls' statements are counted, and one user. */
import type { Test } from 'tap';
import type { Database, Queryable } from '../../src/stores/postgres/driver/database.js';
import type { TestDatabase } from '../support/databases.js';
import { openFarebox, SetClock } from '../support/farebox.js';

const START = Date.parse('2027-03-01T10:00:00Z');

/** What a farebox's transactions have sent and read. */
interface Sent {
  statements: number;
  rows: number;
}

/** `database`, counted. */
function counting(database: Database): { database: Database; sent: Sent } {
  const sent = { statements: 0, rows: 0 };
  const drizzle = (real: Queryable['drizzle']) =>
    new Proxy(real, {
      get(target, name, receiver) {
        const method = Reflect.get(target, name, receiver);
        if (!['select', 'insert', 'update', 'delete'].includes(String(name))) return method;
        sent.statements += 1;
        return (...given: unknown[]) => counted(method.apply(target, given), (rows) => (sent.rows += rows));
      },
    });
  const over = (tx: Queryable): Queryable => ({
    drizzle: drizzle(tx.drizzle),
    query: async <R>(text: string, values?: readonly unknown[]) => {
      sent.statements += 1;
      const rows = await tx.query<R>(text, values);
      sent.rows += rows.length;
      return rows;
    },
  });
  const transaction: Database['transaction'] = (work) => database.transaction((tx) => work(over(tx)));
  return { database: { ...database, transaction }, sent };
}

/** A statement of drizzle's as it is built, step by step, until it is awaited and its rows are counted. */
function counted<T extends object>(builder: T, add: (rows: number) => void): T {
  return new Proxy(builder, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (name !== 'then')
        return (...given: unknown[]) => counted(member.apply(target, given) as object, add);
      return (resolve: (rows: unknown) => unknown, reject: unknown) => {
        const count = (rows: unknown) => {
          if (Array.isArray(rows)) add(rows.length);
          return resolve(rows);
        };
        return member.call(target, count, reject);
      };
    },
  });
}

export async function countedStatements(t: Test, store: TestDatabase) {
  const real = await store.open();
  const { database, sent } = counting(real);
  const farebox = await openFarebox(t, { ...store, open: async () => database }, new SetClock(START));
  const { userId } = await farebox.users.ensure('web:crowded');
  return { farebox, sent, userId };
}
