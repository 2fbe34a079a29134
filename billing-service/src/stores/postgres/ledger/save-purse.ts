import { and, eq } from 'drizzle-orm';
import type { Purse } from '../../../domain/account/purse.js';
import { nextDueBesidesHolds } from '../../../domain/account/settle.js';
import type { Queryable } from '../driver/database.js';
import { date, grantRow, planRow } from './purse-rows.js';
import type { LoadedPurse } from './purse-store.js';
import { accounts, entries, grants, reservations, users } from '../schema.js';

/** Writes what changed; true where the plan did. */
export async function savePurse(tx: Queryable, userId: number, loaded: LoadedPurse): Promise<boolean> {
  const { purse } = loaded;
  await saveAccount(tx, userId, purse);
  await saveGrants(tx, userId, loaded);
  for (const [id, at] of purse.lapsed) {
    await tx.drizzle
      .update(reservations)
      .set({ status: 'expired', settledAt: new Date(at) })
      .where(and(eq(reservations.userId, userId), eq(reservations.id, id), eq(reservations.status, 'open')));
  }
  if (purse.entries.length > 0) {
    await tx.drizzle
      .insert(entries)
      .values(purse.entries.map((entry) => ({ ...entry, userId, createdAt: new Date(entry.createdAt) })));
  }
  return savePlan(tx, userId, loaded);
}

/** The first grant with tokens in burn order goes into the row, so that most charges touch no other table. */
async function saveAccount(tx: Queryable, userId: number, purse: Purse): Promise<void> {
  const front = purse.grants.find((grant) => grant.remaining > 0);
  const frontLeft = front?.remaining ?? 0;
  const tokens = purse.grants.reduce((sum, grant) => sum + grant.remaining, 0);
  const holdEnds = purse.holds.map((hold) => hold.expiresAt);
  await tx.drizzle
    .update(accounts)
    .set({
      reserved: purse.reserved,
      openCount: purse.holds.length,
      frontGrantId: front?.id ?? null,
      frontLeft,
      rest: tokens - frontLeft,
      debt: purse.debt,
      spent: purse.spent,
      holdDueAt: date(holdEnds.length > 0 ? Math.min(...holdEnds) : null),
      nextDueAt: date(nextDueBesidesHolds(purse)),
    })
    .where(eq(accounts.userId, userId));
}

async function saveGrants(
  tx: Queryable,
  userId: number,
  { purse, grantsBefore }: LoadedPurse,
): Promise<void> {
  const rows = purse.grants.map((grant) => grantRow(userId, grant));
  const added = rows.filter((row) => !grantsBefore.has(row.id)).sort((a, b) => a.id - b.id);
  for (const row of rows) {
    const before = grantsBefore.get(row.id);
    if (!before || same(before, row)) continue;
    const { remaining, ended, endsAt, revoked, amount } = row;
    await tx.drizzle
      .update(grants)
      .set({ remaining, ended, endsAt, revoked, amount })
      .where(and(eq(grants.userId, userId), eq(grants.id, row.id)));
  }
  if (added.length > 0) await tx.drizzle.insert(grants).values(added);
}

async function savePlan(tx: Queryable, userId: number, { purse, planBefore }: LoadedPurse): Promise<boolean> {
  const after = planRow(purse.plan);
  const before = Object.fromEntries(
    Object.keys(after).map((key) => [key, planBefore[key as keyof typeof after]]),
  );
  if (same(before, after)) return false;
  await tx.drizzle.update(users).set(after).where(eq(users.id, userId));
  return true;
}

/** Rows hold only plain values and dates, and both sides were built with the same order of keys. */
function same(a: object, b: object): boolean {
  return Object.keys(b).every(
    (key) => JSON.stringify(a[key as keyof object]) === JSON.stringify(b[key as keyof object]),
  );
}
