/**
 * Usage equals the ledger, to the token and in one snapshot, while many write and whoever rolls up is killed.
 * `FC_SCALE=64 npm test -- usage-equals-ledger` compares 10,000 times.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { freshPglite } from '../support/databases.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { type TestApp, testApp } from '../support/test-app.js';
import { optional, type Teardown } from '../support/test-environment.js';
import { rollUp } from './roll-up.js';
import { BYS, bothSums } from './summed-ledger.js';

const SCALE = Number(optional('FC_SCALE') ?? 1);
const ROUNDS = 12 * SCALE;
t.setTimeout(180_000 * SCALE);
const ROLL_UP = fileURLToPath(new URL('./roll-up-forever.js', import.meta.url));
const OPERATIONS = ['chatgpt_message', 'image_generation'];
const MODELS = [undefined, 'gpt-5', 'claude'];

/** One turn of a user's life: a grant or a correction, a hold, a charge or what of it can be collected, a refund. */
async function turn({ call }: TestApp, writer: number, i: number): Promise<void> {
  const user = `web:${writer}`;
  const source = i % 5 === 4 ? 'adjustment' : 'promo';
  await call('POST', '/tokens/grant', {
    body: { user, amount: 20, source, reason: 'test' },
    headers: { 'idempotency-key': `turn-${i}` },
  });
  const model = MODELS[(i + writer) % 3];
  const held = await call('POST', '/tokens/reserve', {
    body: { user, operation: OPERATIONS[i % 2], ...(model ? { model } : {}) },
  });
  const { reservationId } = held.body;
  await call('POST', '/tokens/commit', { body: { reservationId, amount: i % 7 === 0 ? 5_000 : 4 } });
  if (i % 3 === 0) await call('POST', '/tokens/refund', { body: { reservationId, amount: 2 } });
}

/** Each goes a turn ahead of the rounds at most: a long run has no longer a ledger than it needs. */
function writeAhead(app: TestApp, writers: number) {
  let round = 0;
  let isOver = false;
  const waiting: (() => void)[] = [];
  const go = () => {
    for (const wake of waiting.splice(0)) wake();
  };
  const writer = async (_: unknown, number: number) => {
    for (let i = 0; !isOver; i++) {
      await turn(app, number, i);
      while (i > round && !isOver) await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const done = Promise.all(Array.from({ length: writers }, writer));
  return {
    next: () => {
      round++;
      go();
    },
    end: () => {
      isOver = true;
      go();
      return done;
    },
  };
}

/** A process that rolls up, killed as soon as it has said `lines` more; then another. */
function rollUpAndDie(t: Teardown, url: string) {
  const start = () => spawn(process.execPath, [ROLL_UP, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  let child = start();
  t.teardown(() => child.kill('SIGKILL'));
  return async (lines: number) => {
    for (let i = 0; i < lines; i++) await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    child = start();
  };
}

async function compareAll(database: Database): Promise<string[]> {
  const found: string[] = [];
  for (const by of BYS) {
    const [usage, ledger] = await database.reading((tx) => bothSums(tx, by));
    if (usage.join('\n') !== ledger.join('\n')) found.push(`${by}: ${usage} is not ${ledger}`);
  }
  return found;
}

async function leftBehind(database: Database): Promise<number | undefined> {
  const [left] = await database.query<{ count: number }>(
    `select count(*)::int from entries where id > (select through_id from marks where reader = 'usage')`,
  );
  return left?.count;
}

t.test('postgres: 64 write, and whoever rolls up is killed again and again', async (t) => {
  const url = await createTestDatabase(t);
  const database = openPostgres({ url });
  t.teardown(() => database.close());
  const app = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  const writing = writeAhead(app, 64);
  const [first, second] = [rollUpAndDie(t, url), rollUpAndDie(t, url)];
  for (let round = 0; round < ROUNDS; round++) {
    const killed = round % 4 === 3 ? [first(1 + (round % 5)), second(1 + (round % 3))] : [];
    t.strictSame(await compareAll(database), [], `round ${round}`);
    await Promise.all(killed);
    writing.next();
  }
  await writing.end();
  await rollUp(database);
  t.strictSame(await compareAll(database), [], 'when all is rolled up');
  t.equal(await leftBehind(database), 0, `${(ROUNDS + 1) * BYS.length} comparisons; the mark is at the end`);
});

t.test('pglite: the same figures, while 8 write and it is rolled up', async (t) => {
  const store = await freshPglite(t);
  const app = await testApp(t, { store });
  const database = await store.open();
  const writing = writeAhead(app, 8);
  for (let round = 0; round < 4; round++) {
    const [differences] = await Promise.all([compareAll(database), rollUp(database)]);
    t.strictSame(differences, [], `round ${round}`);
    writing.next();
  }
  await writing.end();
  await rollUp(database);
  t.strictSame(await compareAll(database), [], 'when all is rolled up');
  t.equal(await leftBehind(database), 0);
});
