/** One account against all that adds up to it. */
import type { Audit, Mismatch } from '../../../domain/ports/audit.js';
import type { Database, Queryable } from '../driver/database.js';
import { archivedTo } from './archived-to.js';
import {
  add,
  ENTRIES,
  FIGURES,
  GRANTS,
  HOLDS,
  nothing,
  type Part,
  partsOf,
  type Range,
  type Sums,
} from './audit-sums.js';
import { TOTAL } from './statement-text.js';

const MAX_MISMATCHES = 1_000;

export const ACCOUNTS = `select user_id as "userId", reserved, open_count as "openCount", spent, front_left + rest as tokens,
    ${TOTAL} as total
  from accounts a where user_id > $1 and user_id <= $2 order by user_id`;

export interface AccountRow extends Sums {
  userId: number;
}

/** What the accounts had spent elsewhere, and their archived entries come to. */
export const CARRIED = `select user_id as "userId", entries as rows, total, spent
  from carried where user_id > $1 and user_id <= $2`;

/**
 * All of one account in one snapshot: the last word on one that the walk did not find in order. Not if a partition went
 * into the archive meanwhile: tables that go, go for older snapshots, too.
 */
export async function auditAlone(
  { reading, found }: { reading: Database['reading']; found: Audit },
  userId: number,
): Promise<void> {
  for (;;) {
    const before = await reading(archivedTo);
    const mismatches = await reading(async (tx) => {
      const alone = { after: userId - 1, last: userId };
      const [account] = await tx.query<AccountRow>(ACCOUNTS, [alone.after, alone.last]);
      return account ? mismatchesOf(account, await sumAlone(tx, alone)) : [];
    });
    if (mismatches.length > 0 && (await reading(archivedTo)) !== before) continue;
    found.mismatches.push(...mismatches);
    found.mismatches.splice(MAX_MISMATCHES);
    return;
  }
}

async function sumAlone(tx: Queryable, alone: Range): Promise<Sums> {
  const sums = nothing();
  for (const part of await tx.query<Part>(CARRIED, [alone.after, alone.last])) add(sums, part);
  for (const source of [ENTRIES, GRANTS, HOLDS]) {
    for await (const part of partsOf(tx, source, alone)) add(sums, part);
  }
  return sums;
}

export function mismatchesOf(account: AccountRow, expected = nothing()): Mismatch[] {
  return FIGURES.filter(([figure]) => account[figure] !== expected[figure]).map(([figure, name]) => ({
    userId: account.userId,
    figure: name,
    expected: expected[figure],
    actual: account[figure],
  }));
}
