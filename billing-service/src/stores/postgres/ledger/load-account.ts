/** Reads what the slow path needs of an account whose row is locked. */
import { and, eq } from 'drizzle-orm';
import type { Account } from '../../../domain/account/account.js';
import type { Reservation } from '../../../domain/account/reservation.js';
import type { PriceList, Tier } from '../../../domain/catalogue/catalogue.js';
import { openTenures } from '../../../domain/plan/plan.js';
import type { SlowCall } from '../../../domain/ports/ledger.js';
import type { Queryable } from '../driver/database.js';
import { type accounts, type grants, models, reservations, tiers, users } from '../schema/schema.js';
import { FORMER } from '../users/former-user-rows.js';
import { numbered, planOf, reservationOf } from './account-rows.js';
import { loadGrants } from './load-grants.js';
import { loadHolds } from './load-holds.js';

export interface AccountContext {
  now: number;
  tierOf(id: string): Tier;
  priceList: PriceList;
  /** How many live grants are read at most, see UnreadGrants. */
  grantsRead: number;
}

/** An account as loaded, and what it looked like, so that only what changed is written. */
export interface LoadedAccount {
  account: Account;
  accountBefore: typeof accounts.$inferSelect;
  grantsBefore: Map<number, typeof grants.$inferSelect>;
  planBefore: typeof users.$inferSelect;
  /** No open reservation's id is less. */
  holdsSince: string;
}

export async function loadReservation(
  tx: Queryable,
  userId: number,
  id: string,
): Promise<Reservation | null> {
  const [found] = await tx.drizzle
    .select({ row: reservations, tier: tiers.id, model: models.name })
    .from(reservations)
    .leftJoin(tiers, eq(tiers.number, reservations.tier))
    .leftJoin(models, eq(models.number, reservations.model))
    .where(and(eq(reservations.userId, userId), eq(reservations.id, id)));
  return found ? reservationOf(found.row, found) : null;
}

/** One that was made by a user who was merged into this one. */
export async function formerReservation(
  tx: Queryable,
  userId: number,
  id: string,
): Promise<Reservation | null> {
  for (const former of await tx.query<{ userId: number; grantOffset: number }>(FORMER, [userId])) {
    const found = await loadReservation(tx, former.userId, id);
    if (found) return { ...found, ...numbered(found, former.grantOffset), former };
  }
  return null;
}

export async function loadAccount(
  tx: Queryable,
  row: typeof accounts.$inferSelect,
  call: SlowCall,
  reservation: Reservation | null,
  context: AccountContext,
): Promise<LoadedAccount> {
  const { userId } = row;
  const [user] = await tx.drizzle.select().from(users).where(eq(users.id, userId));
  if (!user) throw new Error(`account ${userId} has no user`);
  const plan = planOf(user);
  const tenures = openTenures(plan);
  const { now, grantsRead: atMost } = context;
  const found = await loadGrants(tx, { row, call, reservation, tenures, now, atMost });
  const { holds, madeSince } = await loadHolds(tx, row);
  return {
    accountBefore: row,
    grantsBefore: found.before,
    planBefore: user,
    holdsSince: madeSince,
    account: {
      reserved: row.reserved,
      debt: row.debt,
      spent: row.spent,
      grants: found.loaded,
      unread: found.unread,
      nextGrantId: found.nextGrantId,
      holds,
      lapsed: 0,
      turned: 0,
      plan,
      overrides: user.overrides,
      entries: [],
      tierOf: context.tierOf,
    },
  };
}
