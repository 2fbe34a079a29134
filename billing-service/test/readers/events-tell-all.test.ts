/**
 * All that is committed is told, once and in each user's order, and nothing else, whoever dies: while many write, those
 * who tell are killed again and again, at whatever they are at. `FC_SCALE=32 npm test -- events-tell-all` kills 1,000.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { freshPglite } from '../support/databases.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { type TestApp, testApp } from '../support/test-app.js';
import { optional, type Teardown } from '../support/test-environment.js';
import { tellEvents } from './tell-events.js';
import { expectedOf, toldIn } from './told-model.js';

const SCALE = Number(optional('FC_SCALE') ?? 1);
const KILLS = 32 * SCALE;
t.setTimeout(180_000 * SCALE);
const TELL = fileURLToPath(new URL('./tell-forever.js', import.meta.url));

/** One turn of a user's life, with what is told besides the ledger, and with what does not happen. */
async function turn({ call }: TestApp, writer: number, i: number): Promise<void> {
  const user = `web:${writer}`;
  const payment = { provider: 'test', paymentId: `${writer}-${i >> 1}`, user, currency: 'XTR', amount: 1 };
  await call('POST', '/payments', { body: { ...payment, product: { tokens: 30 } } });
  const held = await call('POST', '/tokens/reserve', { body: { user, operation: 'chatgpt_message' } });
  const { reservationId } = held.body;
  await call('POST', '/tokens/commit', { body: { reservationId, amount: 7 + ((writer + i) % 40) } });
  if (i % 3 === 0) await call('POST', '/tokens/refund', { body: { reservationId, amount: 2 } });
  if (i % 4 === 3) {
    await call('PUT', `/users/${user}/tier`, { body: { tier: i % 8 === 3 ? 'professional' : 'gift' } });
    await call('PUT', `/users/${user}/block`, { body: { blocked: true, reason: 'test' } });
    await call('PUT', `/users/${user}/block`, { body: { blocked: false } });
    await call('PUT', `/users/${user}/tier`, { body: { tier: 'none' } });
  }
}

function writeOn(app: TestApp, writers: number) {
  let isOver = false;
  const writing = Array.from({ length: writers }, async (_, number) => {
    for (let i = 0; !isOver; i++) await turn(app, number, i);
  });
  return () => {
    isOver = true;
    return Promise.all(writing);
  };
}

/** A process that tells, killed as soon as it has said `lines` more and `ms` have passed; then another. */
function tellAndDie(t: Teardown, url: string) {
  const start = () => spawn(process.execPath, [TELL, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  let child = start();
  t.teardown(() => child.kill('SIGKILL'));
  return async (lines: number) => {
    for (let i = 0; i < lines; i++) await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    // Not at the same point each time: between two statements, in one, in the commit.
    for (const end = performance.now() + (lines % 7) / 3; performance.now() < end; );
    child.kill('SIGKILL');
    await ended;
    child = start();
  };
}

async function compare(t: Test, database: Database): Promise<void> {
  await tellEvents(database);
  const [expected, told] = await database.reading(async (tx) => [await expectedOf(tx), await toldIn(tx)]);
  t.strictSame(told.lines, expected, 'every entry, once, in the order of the ledger');
  t.strictSame(told.gaps, [], 'each user’s events are numbered without a gap');
  const count = async (text: string) => (await database.query<{ n: number }>(text))[0]?.n ?? 0;
  t.equal(told.others['user.created'], await count('select count(*)::int as n from users'));
  t.equal(told.others['payment.applied'], await count('select count(*)::int as n from payments'));
  const lines = (which: string) => count(`select count(*)::int as n from audit_log where ${which}`);
  t.equal(told.others['user.blocked'] ?? 0, await lines(`action = 'blockUser'`));
  const turned = `action = 'changeTier' and before->>'tier' <> after->>'tier'`;
  t.equal(told.others['tier.changed'] ?? 0, await lines(turned));
  t.equal(await count('select count(*)::int as n from happenings'), 0, 'all that happened was taken');
}

t.test('postgres: 16 write, and those who tell are killed again and again', async (t) => {
  const url = await createTestDatabase(t, 'direct');
  const database = openPostgres({ url });
  t.teardown(() => database.close());
  const app = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  const stop = writeOn(app, 16);
  const [first, second] = [tellAndDie(t, url), tellAndDie(t, url)];
  for (let i = 0; i < KILLS / 2; i++) await Promise.all([first(1 + (i % 5)), second(1 + (i % 3))]);
  await stop();
  await compare(t, database);
});

t.test('pglite: the same', async (t) => {
  const store = await freshPglite(t);
  const app = await testApp(t, { store });
  const database = await store.open();
  for (let i = 0; i < 8; i++) {
    await Promise.all([turn(app, 1, i), turn(app, 2, i), tellEvents(database)]);
  }
  await compare(t, database);
});
