/** Plays wishes on the model and on the real ledger, and compares them after every step. */
import assert from 'node:assert/strict';
import { readReservation } from '../../src/domain/tokens/read-reservation.js';
import { Sweeper } from '../../src/jobs/sweep.js';
import { PostgresReservationReader } from '../../src/stores/postgres/ledger/reservation-store.js';
import type { Farebox } from '../support/farebox.js';
import { TEST_AUTHOR } from '../support/test-author.js';
import { type AccountRow, readRows } from './account-rows.js';
import type { Call } from './call.js';
import { check, checkMoves, rowOf } from './compare.js';
import { explain } from './explain.js';
import { ownerOf } from './model.js';
import { bringUpToDate } from './model-due.js';
import { RATE_SETS, type RateSet } from './model-receipts.js';
import { type Answer, available, type World } from './model-state.js';
import { type Ids, named, run, versionName } from './run-call.js';

export interface Played {
  operations: number;
  world: World;
  answers: Answer[];
  steps: Step[];
}

/** What is called at one moment; nothing where only time passes. */
export interface Step {
  at: number;
  calls: Call[];
  /** All operations have this one of RATE_SETS from now on. */
  set?: number;
}

export interface Script {
  startMs: number;
  next(world: World): Step | undefined;
}

export interface Table {
  farebox: Farebox;
  tiers: World['tiers'];
  /** Counts what happened, so that a test can tell that it saw the rare things. */
  seen: Map<string, number>;
}

/** One run with users of its own; throws at the first difference. */
export async function play(table: Table, script: Script, sweep = false): Promise<Played> {
  const { farebox, tiers } = table;
  const prices = { ...farebox.catalogue.current().priceList.prices };
  const world: World = { now: script.startMs, tiers, prices, set: 0, users: new Map(), payments: new Map() };
  const ids: Ids = new Map();
  await reprice(farebox, ids, world, 0);
  const played: Played = { operations: 0, world, answers: [], steps: [] };
  const sweeper = new Sweeper({ ...farebox, onError: fail });
  const rows = new Map<string, AccountRow>();
  for (let step = script.next(world); step; step = script.next(world)) {
    const { at, calls, set } = step;
    if (set !== undefined && set !== world.set) await reprice(farebox, ids, world, set);
    const moved = at > world.now;
    world.now = farebox.clock.nowMs = at;
    if (sweep && moved) await sweepBoth(sweeper, world);
    const real = await Promise.all(calls.map((call) => run(farebox, ids, call)));
    const expected = explain(world, calls, real);
    const touched =
      sweep && moved ? [...world.users.keys()] : [...new Set(calls.map((call) => ownerOf(world, call)))];
    const after = touched.length > 0 ? await readRows(farebox.database, touched) : [];
    assert.equal(after.length, touched.length, 'another number of users');
    check(world, after, { calls, real, expected });
    checkMoves(rows, after, calls, real, world);
    for (const row of after) rows.set(row.user, row);
    for (const [i, call] of calls.entries()) count(table.seen, call, real[i] as Answer);
    played.operations += Math.max(1, calls.length);
    played.answers.push(...real);
    played.steps.push(step);
  }
  check(world, await readRows(farebox.database, [...world.users.keys()]), {
    calls: 'at the end',
    expected: null,
  });
  await checkReceipts(farebox, ids, world);
  await park(farebox, world);
  return played;
}

/** A later version of every operation's prices; what was reserved keeps its own. */
async function reprice({ catalogue }: Farebox, ids: Ids, world: World, set: number): Promise<void> {
  world.set = set;
  for (const operation of catalogue.current().operations.values()) {
    await catalogue
      .by(TEST_AUTHOR)
      .putOperation({ ...operation, ...(RATE_SETS[set] as RateSet) }, () => true);
    const version = catalogue.current().priceVersions.get(operation.id) as number;
    ids.set(versionName(operation.id, version), `set ${set}`);
  }
}

/** Every reservation read again, after all changes of prices: its receipt is what was answered. */
async function checkReceipts(farebox: Farebox, ids: Ids, world: World): Promise<void> {
  const calls = { ...farebox, reservations: new PostgresReservationReader(farebox.database) };
  for (const r of [...world.users.values()].flatMap((user) => user.reservations)) {
    const found = await readReservation(calls, ids.get(r.label) as string);
    assert.ok(found.ok);
    const { receipt } = (r.answer ?? { receipt: r.held }) as { receipt: object };
    assert.deepStrictEqual(named(ids, r.operation, found.value.receipt), receipt, `receipt of ${r.label}`);
  }
}

const fail = (error: unknown): never => {
  throw error;
};

async function sweepBoth(sweeper: Sweeper, world: World): Promise<void> {
  // With few accounts the walk over all of them starts over on every second run.
  await sweeper.runOnce();
  await sweeper.runOnce();
  for (const user of world.users.values()) bringUpToDate(world, user);
}

/** Later runs' sweepers and audits need not look at these accounts any more. */
async function park({ database, ledger, batchFailures }: Farebox, world: World): Promise<void> {
  assert.deepStrictEqual(batchFailures, [], 'a hot statement failed as a whole');
  const { mismatches } = await ledger.audit();
  assert.deepStrictEqual(mismatches, []);
  await database.query(
    'delete from accounts where user_id in (select user_id from user_references where reference = any($1))',
    [[...world.users.keys()]],
  );
}

export function settledView(world: World) {
  return [...world.users.values()].map((user) => {
    bringUpToDate(world, user);
    const { entries: _, ...row } = rowOf(user, world.now);
    return { ...row, available: available(user) };
  });
}

function count(seen: Map<string, number>, call: Call, answer: Answer): void {
  const add = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  add(`${call.kind} ${answer.ok ? (answer.replayed ? 'replayed' : 'done') : answer.refusal.kind}`);
  if (!answer.ok || answer.replayed) return;
  const value = answer.value as Record<string, unknown>;
  if (value.late === true) add('commit late');
  if (Number(value.uncollected) > 0) add('commit uncollected');
  if (Number(value.debt) > 0) add('read debt');
}
