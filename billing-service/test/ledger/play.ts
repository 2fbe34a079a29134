/** Plays wishes on the model and on the real ledger, and compares them after every step. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { Sweeper } from '../../src/jobs/sweep.js';
import type { Farebox } from '../support/farebox.js';
import { type AccountRow, broken, readRows } from './account-rows.js';
import type { Call } from './call.js';
import { apply } from './model.js';
import { settle } from './model-settle.js';
import { type Answer, available, burnOrder, type ModelUser, open, reserved, total, type World } from './model-state.js';
import { type Ids, run } from './run-call.js';

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
  const world: World = { now: script.startMs, tiers, prices, users: new Map(), payments: new Map() };
  const ids: Ids = new Map();
  const played: Played = { operations: 0, world, answers: [], steps: [] };
  const sweeper = new Sweeper({ ...farebox, onError: fail });
  let rows: AccountRow[] = [];
  for (let step = script.next(world); step; step = script.next(world)) {
    const { at, calls } = step;
    const moved = at > world.now;
    world.now = farebox.clock.nowMs = at;
    if (sweep && moved) await sweepBoth(sweeper, world);
    const real = await Promise.all(calls.map((call) => run(farebox, ids, call)));
    const expected = explain(world, calls, real);
    const before = rows;
    rows = await readRows(farebox.database, [...world.users.keys()]);
    check(world, rows, { calls, real, expected });
    checkMoves(before, rows, calls, real, tiers);
    for (const [i, call] of calls.entries()) count(table.seen, call, real[i] as Answer);
    played.operations += Math.max(1, calls.length);
    played.answers.push(...real);
    played.steps.push(step);
  }
  await park(farebox, world);
  return played;
}

const fail = (error: unknown): never => {
  throw error;
};

/**
 * Together: an order of the calls in which the model gives the same answers, their own order tried first. Null where
 * the model agrees; else what it says in the order of arrival.
 */
function explain(world: World, calls: Call[], real: Answer[]): Answer[] | null {
  const order = calls.length > 1 ? search(world, calls, real, [...calls.keys()]) : null;
  if (order) {
    for (const i of order) apply(world, calls[i] as Call);
    return null;
  }
  const expected = calls.map((call) => apply(world, call));
  return expected.every((answer, i) => matches(answer, real[i] as Answer)) ? null : expected;
}

function search(world: World, calls: Call[], real: Answer[], left: number[]): number[] | null {
  if (left.length === 0) return [];
  for (const i of left) {
    const next = structuredClone(world);
    if (!matches(apply(next, calls[i] as Call), real[i] as Answer)) continue;
    const rest = search(next, calls, real, left.filter((other) => other !== i));
    if (rest) return [i, ...rest];
  }
  return null;
}

function matches(expected: Answer, real: Answer): boolean {
  if (expected.ok || real.ok) return isDeepStrictEqual(expected, real);
  return Object.entries(expected.refusal).every(([name, value]) => isDeepStrictEqual(real.refusal[name], value));
}

/** The same account, from the model. */
const rowOf = (user: ModelUser, now: number) => ({
  ...{ user: user.name, tier: user.tier, anchor: user.anchor, period: user.period, paid_until: user.paidUntil },
  ...{ reserved: reserved(user), open_count: open(user).filter((r) => r.expiresAt > now || r.amount > 0).length, total: total(user), debt: user.debt, spent: user.spent },
  grants: burnOrder(user).map(({ source, left, expiresAt, endsAt }) => ({
    ...{ source, left },
    expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
    endsAt: Number.isFinite(endsAt) ? endsAt : null,
  })),
  entries: user.entries,
});

function check(world: World, rows: AccountRow[], story: object): void {
  const tell = (what: string) => `${what}\n${JSON.stringify(story, null, 1)}`;
  const { expected } = story as { expected: Answer[] | null };
  if (expected) assert.deepStrictEqual((story as { real: Answer[] }).real, expected, tell('another answer'));
  assert.equal(rows.length, world.users.size, tell('another number of users'));
  for (const row of rows) {
    assert.deepStrictEqual(broken(row), [], tell(`broken: ${JSON.stringify(row)}`));
    const { user_id: _, next_due_at: __, hold_due_at: ___, held, settled_badly: ____, ...figures } = row;
    // A hold of nothing is due to nobody (rule 3): it is ended when something else is, or when it is asked for.
    figures.open_count -= held.filter((h) => h.amount === 0 && h.expiresAt <= world.now).length;
    const grants = figures.grants.map(({ key: _, ...grant }) => grant);
    const mine = rowOf(world.users.get(row.user) as ModelUser, world.now);
    if (!isDeepStrictEqual({ ...figures, grants }, mine)) {
      assert.deepStrictEqual({ ...figures, grants }, mine, tell('another account'));
    }
  }
}

/** No hold takes available below 0, no charge below -overdraft, nothing else below min(what it was, 0). */
function checkMoves(before: AccountRow[], after: AccountRow[], calls: Call[], real: Answer[], tiers: World['tiers']): void {
  for (const row of after) {
    const was = before.find((other) => other.user_id === row.user_id);
    const free = (r: AccountRow | undefined) => (r ? r.total - r.reserved : 0);
    const charged = calls.some((call) => call.kind === 'commit');
    const overdraft = charged ? (tiers.get(was?.tier ?? row.tier)?.overdraft ?? 0) : 0;
    assert.ok(free(row) >= Math.min(free(was), 0, -Math.max(overdraft, tiers.get(row.tier)?.overdraft ?? 0) * Number(charged)), 'available fell below what is allowed');
    const held = calls.length === 1 && calls[0]?.kind === 'reserve' && real[0]?.ok && !real[0].replayed;
    if (held && calls[0]?.kind === 'reserve' && calls[0].user === row.user) assert.ok(free(row) >= 0, 'a hold below 0');
  }
}

async function sweepBoth(sweeper: Sweeper, world: World): Promise<void> {
  // The walk over all accounts begins anew on every second run where there are few.
  await sweeper.runOnce();
  await sweeper.runOnce();
  for (const user of world.users.values()) settle(world, user);
}

/** Later runs' sweepers and audits need not look at these accounts any more. */
async function park({ database, ledger }: Farebox, world: World): Promise<void> {
  const { mismatches } = await ledger.audit();
  assert.deepStrictEqual(mismatches, []);
  await database.query(
    'delete from accounts where user_id in (select user_id from user_references where reference = any($1))',
    [[...world.users.keys()]],
  );
}

export function settledView(world: World) {
  return [...world.users.values()].map((user) => {
    settle(world, user);
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
