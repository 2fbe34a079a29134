/** Every account against its own grants, holds and entries, a group of accounts at a time. */
import { firstReservationUuid } from '../../../domain/account/reservation-id.js';
import type { Audit, AuditRequest } from '../../../domain/ports/audit.js';
import { type Patience, patienceOf } from '../../../domain/ports/patience.js';
import { UnavailableError } from '../../../domain/ports/unavailable-error.js';
import { MAX_LIFE_MS } from '../../../domain/tokens/extend-reservation.js';
import { plainArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { archivedTo } from './archived-to.js';
import { ACCOUNTS, type AccountRow, auditAlone, CARRIED, mismatchesOf } from './audit-alone.js';
import {
  add,
  BLOCKS,
  ENTRIES_SINCE,
  entriesBetween,
  FIRST_ENTRY,
  GRANTS_NOW,
  HOLDS_SINCE,
  nothing,
  Pace,
  type Part,
  type Range,
  STRAYS,
  type Sums,
} from './audit-sums.js';
import { settledEnd } from './settled-end.js';

/** For each the whole ledger is gone through once. */
const GROUP = 50_000;
/** Accounts that are compared in one snapshot. */
const PAGE = 1_000;
const WHOLE_MS = 600_000;
const HOUR_MS = 3_600_000;

const NEXT = `select max(user_id) as last
  from (select user_id from accounts where user_id > $1 order by user_id limit $2) page`;
interface Walk {
  /** One short statement or more, in a snapshot of their own, while anybody waits for the answer. */
  reading: Database['reading'];
  /** Entries up to this one will not change any more. */
  settledTo: number;
  /** No reservation gets a lesser id any more, and of those before it none should be open. */
  liveSince: string;
  found: Audit;
}

/**
 * Nothing here grows with the ledger but the number of statements, each of which is over soon, in a pool that no call
 * waits for. No snapshot lasts either: while it does, no old version of any row can be cleared away. `now` is the
 * service's.
 */
export async function audit(
  database: Pick<Database, 'reading'>,
  now: number,
  { after, untilMs, patience = patienceOf(WHOLE_MS) }: AuditRequest = { after: 0 },
  groupSize = GROUP,
): Promise<Audit> {
  const found: Audit = { accounts: 0, entries: 0, mismatches: [], stoppedAt: null };
  const walk: Walk = {
    reading: whilePatient(database, patience),
    settledTo: await settledEnd(database),
    liveSince: firstReservationUuid(now - MAX_LIFE_MS - HOUR_MS),
    found,
  };
  for (let group = await nextRange(walk, after, groupSize); group; ) {
    await auditGroup(walk, group);
    const next = await nextRange(walk, group.last, groupSize);
    if (next && untilMs !== undefined && performance.now() >= untilMs) {
      return { ...found, stoppedAt: group.last };
    }
    group = next;
  }
  await auditStrays(walk);
  return found;
}

const whilePatient =
  (database: Pick<Database, 'reading'>, patience: Patience): Database['reading'] =>
  (work) => {
    if (patience.isOver()) throw new UnavailableError('the audit took longer than its caller waits');
    return database.reading(work);
  };

async function nextRange({ reading }: Walk, after: number, size: number): Promise<Range | null> {
  const [next] = await reading((tx) => tx.query<{ last: number | null }>(NEXT, [after, size]));
  return next?.last == null ? null : { after, last: next.last };
}

/** Anew where entries went into the archive meanwhile: they would be counted here and there, or nowhere. */
async function auditGroup(walk: Walk, group: Range): Promise<void> {
  const { found } = walk;
  const { accounts, entries, mismatches } = found;
  const before = mismatches.length;
  while (!(await isAudited(walk, group))) {
    Object.assign(found, { accounts, entries });
    mismatches.splice(before);
  }
}

async function isAudited(walk: Walk, group: Range): Promise<boolean> {
  const archived = await walk.reading(archivedTo);
  const settled = await sumSettled(walk, group);
  for (let page = await nextRange(walk, group.after, PAGE); page && page.after < group.last; ) {
    const within = { after: page.after, last: Math.min(page.last, group.last) };
    if ((await auditPage(walk, within, settled)) !== archived) return false;
    page = await nextRange(walk, page.last, PAGE);
  }
  return true;
}

/** What will not change any more needs no snapshot. */
async function sumSettled({ reading, settledTo, found }: Walk, group: Range) {
  const sums = new Map<number, Sums>();
  const [first] = await reading((tx) => tx.query<{ id: number }>(FIRST_ENTRY));
  const pace = new Pace(100_000, { least: 5_000, most: 2_000_000 });
  for (let from = (first?.id ?? 1) - 1; from < settledTo; ) {
    const to = Math.min(settledTo, from + pace.rows);
    const beganMs = performance.now();
    const parts = await reading((tx) => entriesBetween(tx, { from, to }, group));
    pace.took(performance.now() - beganMs);
    for (const part of parts) {
      found.entries += part.rows;
      const known = sums.get(part.userId) ?? nothing();
      add(known, part);
      sums.set(part.userId, known);
    }
    from = to;
  }
  return sums;
}

/**
 * All that may change, and what came since, of a page of accounts as they are at one instant; and what is carried then.
 * @returns up to which entry the ledger was archived
 */
async function auditPage(walk: Walk, page: Range, sums: Map<number, Sums>): Promise<number> {
  const { reading, settledTo, liveSince, found } = walk;
  const { accounts, archived } = await reading(async (tx) => {
    const rows = await tx.query<AccountRow>(ACCOUNTS, [page.after, page.last]);
    const userIds = plainArray(rows.map(({ userId }) => userId));
    for (const { userId } of rows) if (!sums.has(userId)) sums.set(userId, nothing());
    const since = await tx.query<Part>(ENTRIES_SINCE, [userIds, settledTo]);
    const carried = await tx.query<Part>(CARRIED, [page.after, page.last]);
    for (const part of [...since, ...carried]) found.entries += part.rows;
    const holds = await tx.query<Part>(HOLDS_SINCE, [userIds, liveSince]);
    const grants = await tx.query<Part>(GRANTS_NOW, [page.after, page.last]);
    for (const part of [...since, ...carried, ...holds, ...grants]) add(sums.get(part.userId), part);
    return { accounts: rows, archived: await archivedTo(tx) };
  });
  found.accounts += accounts.length;
  for (const account of accounts) {
    if (mismatchesOf(account, sums.get(account.userId)).length > 0) await auditAlone(walk, account.userId);
  }
  return archived;
}

/** An open reservation that its account does not know of may be of any age: all are looked at, in the table's order. */
async function auditStrays(walk: Walk): Promise<void> {
  const { reading, liveSince, found } = walk;
  const [size] = await reading((tx) => tx.query<{ blocks: number }>(BLOCKS));
  const pace = new Pace(2_000, { least: 100, most: 50_000 });
  const known = new Set(found.mismatches.map(({ userId }) => userId));
  for (let from = 0; from <= (size?.blocks ?? 0); ) {
    const to = from + pace.rows;
    const beganMs = performance.now();
    const places = [`(${from},0)`, `(${to},0)`, liveSince];
    const strays = await reading((tx) => tx.query<{ userId: number }>(STRAYS, places));
    pace.took(performance.now() - beganMs);
    for (const { userId } of strays) {
      if (!known.has(userId)) await auditAlone(walk, userId);
      known.add(userId);
    }
    from = to;
  }
}
