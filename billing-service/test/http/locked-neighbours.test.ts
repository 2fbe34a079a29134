/** Calls that travel in one statement with those of a user whose row somebody else holds. */
import t, { type Test } from 'tap';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { openSession } from '../support/held-row.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';

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
  const watched: Database = {
    ...database,
    hot: (name, text, values) => {
      const users = values.map(String).find((value) => /^\{\d+(,\d+)*\}$/.test(value)) ?? '';
      sent.push([name, new Set(users.split(',')).size]);
      return database.hot(name, text, values);
    },
  };
  const { call } = await testApp(t, { store: { kind: 'postgres', open: async () => watched } });
  let asked = 0;
  const post = (path: string, body: object) =>
    call('POST', path, { body, headers: { 'idempotency-key': `${asked++}` } });
  const reserve = (user: string) =>
    post('/tokens/reserve', { user, operation: 'chatgpt_message', amount: 1 });
  for (const user of USERS) {
    await post('/tokens/grant', { user, amount: 1_000, source: 'promo', reason: 'test' });
  }
  return { post, reserve, sent, session: await openSession(t, url) };
}

/** The held are first in the order of their calls. */
function leftTogether(t: Test, sent: [name: string, users: number][]): void {
  const [first] = sent;
  t.ok(first && first[1] > LOCKED.length, `free users left with the held: ${JSON.stringify(sent)}`);
}

t.setTimeout(120_000);
t.test('reserves: the held one alone is refused', async (t) => {
  const { reserve, sent, session } = await farebox(t);
  sent.length = 0;
  for (const user of LOCKED) await session.hold(user);
  const answers = await Promise.all(
    USERS.map(async (user) => ({ user, status: (await reserve(user)).status })),
  );
  const expected = USERS.map((user) => ({ user, status: isFree(user) ? 201 : 503 }));
  t.strictSame(answers, expected);
  leftTogether(t, sent);

  await t.test('and the next ones of the free do not meet it again', async (t) => {
    sent.length = 0;
    const next = await Promise.all(USERS.map(reserve));
    t.strictSame(
      next.map(({ status }) => status),
      USERS.map((user) => (isFree(user) ? 201 : 503)),
    );
    const seen = {
      names: [...new Set(sent.map(([name]) => name))],
      users: sent.reduce((sum, [, users]) => sum + users, 0),
    };
    t.strictSame(seen, { names: ['farebox_reserve'], users: FREE.length }, 'the held go another way');
  });
  await session.release();
});

t.test('commits and refunds: the held ones alone are refused', async (t) => {
  const { post, reserve, sent, session } = await farebox(t);
  const holds = await Promise.all(
    USERS.map(async (user) => ({ user, id: (await reserve(user)).body.reservationId })),
  );
  sent.length = 0;
  for (const user of LOCKED) await session.hold(user);
  const answers = await Promise.all(
    holds.map(({ id }, i) => post(i % 2 ? '/tokens/commit' : '/tokens/refund', { reservationId: id })),
  );
  t.strictSame(
    answers.map(({ status }) => status),
    USERS.map((user) => (isFree(user) ? 200 : 503)),
  );
  leftTogether(t, sent);
  await session.release();
});
