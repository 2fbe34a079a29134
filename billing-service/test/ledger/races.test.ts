/** Two instances of the service on one Postgres: two pools, two ledgers, two caches, one bus and one clock. */
import t, { type Test } from 'tap';
import { Sweeper } from '../../src/jobs/sweep.js';
import { MemoryBus } from '../../src/stores/memory/memory-bus.js';
import { freshPostgres } from '../support/databases.js';
import { type Farebox, openFarebox, SetClock } from '../support/farebox.js';
import { broken, readRows } from './account-rows.js';
import type { Call } from './call.js';
import type { Answer } from './model-state.js';
import { type Ids, run } from './run-call.js';

const START = Date.parse('2027-01-31T10:00:00Z');

interface Pair {
  a: Farebox;
  b: Farebox;
  both: Farebox[];
  clock: SetClock;
  ids: Ids;
}

async function openPair(t: Test): Promise<Pair> {
  const store = await freshPostgres(t);
  const clock = new SetClock(START);
  const bus = new MemoryBus();
  const a = await openFarebox(t, store, clock, bus);
  const b = await openFarebox(t, store, clock, bus);
  return { a, b, both: [a, b], clock, ids: new Map() };
}

const topup = (user: string, amount: number): Call => ({ kind: 'grant', user, amount, source: 'topup', expiresAt: null });
const hold = (user: string, label: string, amount: number, key?: string): Call => ({
  ...{ kind: 'reserve', user, label, operation: 'chatgpt_message', quantity: 1, amount, ttlSeconds: 300 },
  ...(key === undefined ? {} : { key }),
});
const kinds = (answers: Answer[]): string[] => answers.map((answer) => (answer.ok ? 'ok' : answer.refusal.kind));
const valueOf = (answer: Answer | undefined) => (answer?.ok ? answer.value : {}) as Record<string, unknown>;
const codeOf = (error: unknown) => (error as { code?: string; cause?: { code?: string } }).code ?? (error as { cause?: { code?: string } }).cause?.code;

async function allSound(t: Test, { a, both }: Pair, users: string[], allowed: string[] = []): Promise<void> {
  for (const row of await readRows(a.database, users)) t.strictSame(broken(row), [], row.user);
  t.strictSame((await a.ledger.audit()).mismatches, []);
  const failures = both.flatMap((one) => one.batchFailures);
  t.strictSame(failures.filter((error) => !allowed.includes(codeOf(error) ?? '')), [], 'no statement failed as a whole');
}

t.setTimeout(240_000);
t.test('commit, refund and expiry racing for one reservation have one winner', async (t) => {
  const pair = await openPair(t);
  const { a, b, clock, ids } = pair;
  const users = Array.from({ length: 60 }, (_, i) => `race:${i}`);
  const ends = new Map<string, number>();
  for (const [i, user] of users.entries()) {
    await run(a, ids, topup(user, 10));
    await run(a, ids, hold(user, user, 10));
    if (i % 3 === 0) clock.nowMs += 299_999;
    const sweeper = new Sweeper({ ...b, onError: (error) => t.fail(String(error)) });
    const racing = [
      run(i % 2 ? a : b, ids, { kind: 'commit', label: user, amount: 7 }),
      run(i % 2 ? b : a, ids, { kind: 'refund', label: user }),
    ];
    if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, i % 5));
    if (i % 3 === 0) clock.nowMs += 1;
    const [commit, refund] = (await Promise.all([...racing, sweeper.runOnce(), sweeper.runOnce()])) as [Answer, Answer];
    const [row] = await readRows(a.database, [user]);
    const [stored] = await a.database.query<{ status: string; charged: number; refunded_total: number }>(
      'select status, charged, refunded_total from reservations where user_id = $1',
      [row?.user_id],
    );
    const back = stored?.status === 'committed' ? stored.refunded_total : 0;
    const end = `${stored?.status} ${kinds([commit, refund])}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    t.match(end, /^(committed ok,(ok|reservation_expired)|refunded reservation_settled,ok|expired reservation_expired,.*)$/);
    t.equal(row?.total, 10 - (stored?.charged ?? 0) + back, 'charged once, given back once');
    t.equal(row?.reserved, 0);
  }
  t.comment(JSON.stringify([...ends]));
  await allSound(t, pair, users);
});

t.test('opposite orders of users in concurrent batches never deadlock', async (t) => {
  const pair = await openPair(t);
  const { a, b, ids } = pair;
  const users = Array.from({ length: 40 }, (_, i) => `order:${i}`);
  await Promise.all(users.map((user) => run(a, ids, topup(user, 10_000))));
  for (let round = 0; round < 10; round++) {
    const of = (one: Farebox, order: string[], name: string) =>
      order.map((user) => run(one, ids, hold(user, `${name}${round}${user}`, 5)));
    const held = await Promise.all([...of(a, users, 'a'), ...of(b, users.toReversed(), 'b')]);
    t.equal(held.filter((answer) => answer.ok).length, 80);
    const commit = (one: Farebox, order: string[], name: string) =>
      order.flatMap((user) => [
        run(one, ids, { kind: 'commit', label: `${name}${round}${user}`, amount: 3 }),
        run(one, ids, hold(user, `${name}x${round}${user}`, 1)),
      ]);
    const done = await Promise.all([...commit(b, users, 'a'), ...commit(a, users.toReversed(), 'b')]);
    t.equal(done.filter((answer) => answer.ok).length, 160);
  }
  for (const row of await readRows(a.database, users)) t.equal(row.total, 10_000 - 60, row.user);
  await allSound(t, pair, users);
});

t.test('50 parallel calls with one key on two instances leave one reservation and one answer', async (t) => {
  const pair = await openPair(t);
  const { a, both, ids } = pair;
  await run(a, ids, topup('key:1', 100));
  const call = hold('key:1', 'once', 10, 'the key');
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => run(both[i % 2] as Farebox, ids, call)));
  t.equal(answers.filter((answer) => answer.ok && !answer.replayed).length, 1, 'one was the first');
  t.equal(new Set(answers.map((answer) => JSON.stringify({ ...valueOf(answer), reservationId: '' }))).size, 1);
  const stored = await a.database.query<{ id: string }>('select id from reservations');
  t.equal(stored.length, 1);
  const [row] = await readRows(a.database, ['key:1']);
  t.equal(row?.reserved, 10);
  const commit: Call = { kind: 'commit', label: 'once', amount: 4, key: 'commit key' };
  const commits = await Promise.all(Array.from({ length: 50 }, (_, i) => run(both[i % 2] as Farebox, ids, commit)));
  t.equal(commits.filter((answer) => answer.ok && !answer.replayed).length, 1);
  t.equal(new Set(commits.map((answer) => JSON.stringify(valueOf(answer)))).size, 1);
  await allSound(t, pair, ['key:1'], ['23505']);
});

t.test('a period is granted once with two sweepers and many accesses at once', async (t) => {
  const pair = await openPair(t);
  const { a, both, clock, ids } = pair;
  const users = Array.from({ length: 10 }, (_, i) => `period:${i}`);
  for (const user of users) await run(a, ids, { kind: 'channel', user, subscribed: true });
  for (let month = 1; month <= 6; month++) {
    clock.nowMs = Date.UTC(2027, month + 1, 1);
    const sweepers = both.map((one) => new Sweeper({ ...one, onError: (error) => t.fail(String(error)) }));
    const accesses = users.flatMap((user, i) => [
      run(both[i % 2] as Farebox, ids, { kind: 'read', user }),
      run(both[(i + 1) % 2] as Farebox, ids, hold(user, `${month}${user}`, 0)),
      run(both[i % 2] as Farebox, ids, { kind: 'channel', user, subscribed: true }),
    ]);
    await Promise.all([...sweepers.map((sweeper) => sweeper.runOnce()), ...accesses]);
    for (const row of await readRows(a.database, users)) {
      t.equal(row.entries.filter((entry) => entry.kind === 'grant').length, 1 + month, row.user);
      t.equal(row.total, 100);
    }
  }
  await allSound(t, pair, users);
});

t.test('a payment is applied once however often and wherever it is sent', async (t) => {
  const pair = await openPair(t);
  const { a, both, ids } = pair;
  const pay = (user: string, paymentId: string): Call => ({ kind: 'payment', user, paymentId, product: { tokens: 50 }, amount: 9 });
  const same = await Promise.all(Array.from({ length: 20 }, (_, i) => run(both[i % 2] as Farebox, ids, pay('pay:1', 'p1'))));
  t.equal(same.filter((answer) => answer.ok && !answer.replayed).length, 1);
  t.equal(new Set(same.map((answer) => JSON.stringify(valueOf(answer)))).size, 1);
  for (let i = 0; i < 20; i++) {
    const users = [`pay:a${i}`, `pay:b${i}`];
    const sent = Array.from({ length: 8 }, (_, n) => run(both[n % 2] as Farebox, ids, pay(users[n % 2] as string, `shared${i}`)));
    const found = kinds(await Promise.all(sent));
    t.equal(found.filter((kind) => kind === 'ok').length, 4, 'all sends for one of the users');
    t.equal(found.filter((kind) => kind === 'payment_mismatch').length, 4, 'none for the other');
    const totals = (await readRows(a.database, users)).map((row) => row.total);
    t.strictSame(totals.toSorted((x, y) => x - y), [0, 50]);
  }
  const refund: Call = { kind: 'refundPayment', paymentId: 'p1' };
  const refunds = await Promise.all(Array.from({ length: 20 }, (_, i) => run(both[i % 2] as Farebox, ids, refund)));
  t.equal(refunds.filter((answer) => answer.ok && !answer.replayed).length, 1);
  t.equal((await readRows(a.database, ['pay:1']))[0]?.total, 0);
  await allSound(t, pair, ['pay:1']);
});
