/** Calls that travel in one statement with those of a user whose row somebody else holds. */
import t, { type Test } from 'tap';
import type { Ledger } from '../../src/domain/ports/ledger.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { openSession, type Session } from '../support/held-row.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';
import { throughLedger } from '../support/through-ledger.js';

const LOCKED = ['web:locked-1', 'web:locked-2', 'web:locked-3'];
const FREE = Array.from({ length: 10 }, (_, i) => `web:free-${i}`);
const USERS = [...LOCKED, ...FREE];
const isFree = (user: string) => FREE.includes(user);

async function farebox(t: Test) {
  const url = await createTestDatabase(t);
  const database = openPostgres({ url, preparedStatements: usualWay() === 'direct' });
  t.teardown(() => database.close());
  /** How many users each hot statement was sent for. */
  const sent: [name: string, users: number][] = [];
  /** How long each transaction would wait for a lock. */
  const patienceMs: (number | undefined)[] = [];
  const watched: Database = {
    ...database,
    transaction: (work, limits) => {
      patienceMs.push(limits?.lockTimeoutMs);
      return database.transaction(work, limits);
    },
    hot: (name, text, values) => {
      const users = values.map(String).find((value) => /^\{\d+(,\d+)*\}$/.test(value)) ?? '';
      sent.push([name, new Set(users.split(',')).size]);
      return database.hot(name, text, values);
    },
  };
  const { call, services } = await testApp(t, { store: { kind: 'postgres', open: async () => watched } });
  let asked = 0;
  const post = (path: string, body: object) =>
    call('POST', path, { body, headers: { 'idempotency-key': `${asked++}` } });
  const reserve = (user: string) =>
    post('/tokens/reserve', { user, operation: 'chatgpt_message', amount: 1 });
  for (const user of USERS) {
    await post('/tokens/grant', { user, amount: 1_000, source: 'promo', reason: 'test' });
  }
  /** Runs it while the rows are held: the held alone take the slow way, and at once as such. */
  const whileHeld = async <T>(t: Test, session: Session, run: () => Promise<T>): Promise<T> => {
    const slow = new Set<string>();
    const ids = new Map<number, string>();
    for (const user of USERS) ids.set((await services.users.ensure(user)).userId, user);
    sent.length = 0;
    patienceMs.length = 0;
    for (const user of LOCKED) await session.hold(user);
    const watch = (own: Ledger): Partial<Ledger> => ({
      withAccount: (call, act) => {
        slow.add(ids.get(call.userId) ?? '?');
        return own.withAccount(call, act);
      },
    });
    const result = await throughLedger(services, watch, run);
    const [first] = sent;
    t.ok(first && first[1] > LOCKED.length, `free users left with the held: ${JSON.stringify(sent)}`);
    t.strictSame([...slow].sort(), LOCKED, 'the others did not take the slow way');
    t.strictSame([...new Set(patienceMs)], [2_000], 'it was known already that they are held');
    return result;
  };
  return { post, reserve, sent, whileHeld, session: await openSession(t, url) };
}

t.setTimeout(120_000);
t.test('reserves: the held ones alone are refused', async (t) => {
  const { reserve, sent, whileHeld, session } = await farebox(t);
  const all = async () => {
    const answers = await Promise.all(USERS.map(reserve));
    return answers.map(({ status }) => status);
  };
  const expected = USERS.map((user) => (isFree(user) ? 201 : 503));
  t.strictSame(await whileHeld(t, session, all), expected);

  sent.length = 0;
  t.strictSame(await all(), expected);
  const seen = {
    names: [...new Set(sent.map(([name]) => name))],
    users: sent.reduce((sum, [, users]) => sum + users, 0),
  };
  t.strictSame(seen, { names: ['farebox_reserve'], users: FREE.length }, 'the held go another way now');
  await session.release();
});

t.test('commits and refunds: the held ones alone are refused', async (t) => {
  const { post, reserve, whileHeld, session } = await farebox(t);
  const holds: string[] = [];
  for (const user of USERS) holds.push((await reserve(user)).body.reservationId);
  const all = async () => {
    const answers = await Promise.all(
      holds.map((reservationId, i) => post(i % 2 ? '/tokens/commit' : '/tokens/refund', { reservationId })),
    );
    return answers.map(({ status }) => status);
  };
  t.strictSame(
    await whileHeld(t, session, all),
    USERS.map((user) => (isFree(user) ? 200 : 503)),
  );
  await session.release();
});
