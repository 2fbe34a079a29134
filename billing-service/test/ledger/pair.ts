/** Two instances of the service on one Postgres: two pools, two ledgers, two caches, one bus and one clock. */
import type { Test } from 'tap';
import { MemoryBus } from '../../src/stores/memory/memory-bus.js';
import { freshPostgres } from '../support/databases.js';
import { type Farebox, openFarebox, SetClock } from '../support/farebox.js';
import { broken, readRows } from './account-rows.js';
import type { Call } from './call.js';
import type { Answer } from './model-state.js';
import type { Ids } from './run-call.js';

const START = Date.parse('2027-01-31T10:00:00Z');

export interface Pair {
  a: Farebox;
  b: Farebox;
  both: Farebox[];
  clock: SetClock;
  ids: Ids;
}

export async function openPair(t: Test): Promise<Pair> {
  const store = await freshPostgres(t);
  const clock = new SetClock(START);
  const bus = new MemoryBus();
  const a = await openFarebox(t, store, clock, bus);
  const b = await openFarebox(t, store, clock, bus);
  return { a, b, both: [a, b], clock, ids: new Map() };
}

export const topup = (user: string, amount: number): Call => ({
  kind: 'grant',
  user,
  amount,
  source: 'topup',
  expiresAt: null,
});
export const hold = (user: string, label: string, amount: number, key?: string): Call => ({
  ...{ kind: 'reserve', user, label, operation: 'chatgpt_message', quantity: 1, amount, ttlSeconds: 300 },
  ...(key === undefined ? {} : { key }),
});
export const kinds = (answers: Answer[]): string[] =>
  answers.map((answer) => (answer.ok ? 'ok' : answer.refusal.kind));
export const bodyOf = (answer: Answer | undefined) =>
  (answer?.ok ? answer.value : {}) as Record<string, unknown>;
const codeOf = (error: unknown) =>
  (error as { code?: string; cause?: { code?: string } }).code ??
  (error as { cause?: { code?: string } }).cause?.code;

export async function allSound(
  t: Test,
  { a, both }: Pair,
  users: string[],
  allowed: string[] = [],
): Promise<void> {
  for (const row of await readRows(a.database, users)) t.strictSame(broken(row), [], row.user);
  t.strictSame((await a.ledger.audit()).mismatches, []);
  const failures = both.flatMap((one) => one.batchFailures);
  t.strictSame(
    failures.filter((error) => !allowed.includes(codeOf(error) ?? '')),
    [],
    'no statement failed as a whole',
  );
}
