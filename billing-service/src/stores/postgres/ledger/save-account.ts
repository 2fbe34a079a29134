import { and, eq } from 'drizzle-orm';
import type { Account } from '../../../domain/account/account.js';
import { nextDueWithoutHolds } from '../../../domain/account/bring-up-to-date.js';
import type { Queryable } from '../driver/database.js';
import { accounts, entries, grants, reservations, users } from '../schema/schema.js';
import { date, grantRow, planRow } from './account-rows.js';
import type { LoadedAccount } from './load-account.js';

/** Writes what changed; true where the plan did. */
export async function saveAccount(tx: Queryable, userId: number, loaded: LoadedAccount): Promise<boolean> {
  const { account } = loaded;
  await saveAccountRow(tx, userId, account);
  await saveGrants(tx, userId, loaded);
  for (const [id, at] of account.lapsed) {
    await tx.drizzle
      .update(reservations)
      .set({ status: 'expired', settledAt: new Date(at) })
      .where(and(eq(reservations.userId, userId), eq(reservations.id, id), eq(reservations.status, 'open')));
  }
  if (account.entries.length > 0) {
    await tx.drizzle
      .insert(entries)
      .values(account.entries.map((entry) => ({ ...entry, userId, createdAt: new Date(entry.createdAt) })));
  }
  return savePlan(tx, userId, loaded);
}

/** The first grant with tokens in burn order goes into the row, so that most charges touch no other table. */
async function saveAccountRow(tx: Queryable, userId: number, account: Account): Promise<void> {
  const front = account.grants.find((grant) => grant.remaining > 0);
  const frontLeft = front?.remaining ?? 0;
  const tokens = account.grants.reduce((sum, grant) => sum + grant.remaining, 0);
  const holdEnds = account.holds.map((hold) => hold.expiresAt);
  await tx.drizzle
    .update(accounts)
    .set({
      reserved: account.reserved,
      openCount: account.holds.length,
      frontGrantId: front?.id ?? null,
      frontLeft,
      rest: tokens - frontLeft,
      debt: account.debt,
      spent: account.spent,
      holdDueAt: date(holdEnds.length > 0 ? Math.min(...holdEnds) : null),
      nextDueAt: date(nextDueWithoutHolds(account)),
    })
    .where(eq(accounts.userId, userId));
}

async function saveGrants(
  tx: Queryable,
  userId: number,
  { account, grantsBefore }: LoadedAccount,
): Promise<void> {
  const rows = account.grants.map((grant) => grantRow(userId, grant));
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

async function savePlan(
  tx: Queryable,
  userId: number,
  { account, planBefore }: LoadedAccount,
): Promise<boolean> {
  const after = planRow(account.plan);
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
