/** Reads what the slow path needs of an account whose row is locked. */
import { and, desc, eq, gt, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { type Account, burnOrder } from '../../../domain/account/account.js';
import { partsOf, type Reservation } from '../../../domain/account/reservation.js';
import type { PriceList, Tier } from '../../../domain/catalogue/catalogue.js';
import { openTenures } from '../../../domain/plan/plan.js';
import type { SlowCall } from '../../../domain/ports/ledger.js';
import type { Queryable } from '../driver/database.js';
import { type accounts, grants, models, reservations, tiers, users } from '../schema/schema.js';
import { grantOf, planOf, reservationOf } from './account-rows.js';
import { loadHolds } from './load-holds.js';

export interface AccountContext {
  now: number;
  tierOf(id: string): Tier;
  priceList: PriceList;
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
  const at = { now: context.now, tenures: openTenures(plan) };
  const grantRows = await loadGrants(tx, row, call, reservation, at);
  const { holds, madeSince } = await loadHolds(tx, row);
  const [newest] = await tx.drizzle
    .select({ id: grants.id })
    .from(grants)
    .where(eq(grants.userId, userId))
    .orderBy(desc(grants.id))
    .limit(1);
  const loadedGrants = grantRows.map(grantOf);
  for (const grant of loadedGrants) {
    if (grant.id === row.frontGrantId) grant.remaining = row.frontLeft;
  }
  return {
    accountBefore: row,
    grantsBefore: new Map(grantRows.map((grant) => [grant.id, grant])),
    planBefore: user,
    holdsSince: madeSince,
    account: {
      reserved: row.reserved,
      debt: row.debt,
      spent: row.spent,
      grants: loadedGrants.sort(burnOrder),
      nextGrantId: (newest?.id ?? 0) + 1,
      holds,
      lapsed: 0,
      turned: 0,
      plan,
      entries: [],
      tierOf: context.tierOf,
    },
  };
}

/** Those with tokens, and empty ones that matter: live gift grants, what a refund may return to, a payment's own. */
function loadGrants(
  tx: Queryable,
  row: typeof accounts.$inferSelect,
  call: SlowCall,
  reservation: Reservation | null,
  { now, tenures }: { now: number; tenures: number[] },
) {
  const firstDue = new Date(Math.min(now, row.nextDueAt?.getTime() ?? now));
  const partIds = reservation ? partsOf(reservation).flatMap(([id]) => (id === null ? [] : [id])) : [];
  const { payment } = call;
  return tx.drizzle
    .select()
    .from(grants)
    .where(
      and(
        eq(grants.userId, row.userId),
        or(
          gt(grants.remaining, 0),
          sql`${grants.id} = ${row.frontGrantId}`,
          and(isNotNull(grants.tier), gt(grants.expiresAt, firstDue)),
          // The period of the call may be another than the stored one: paid time may turn first.
          and(eq(grants.source, 'refund'), inArray(grants.tenure, tenures)),
          partIds.length > 0 ? inArray(grants.id, partIds) : undefined,
          payment
            ? and(eq(grants.paymentProvider, payment.provider), eq(grants.paymentId, payment.paymentId))
            : undefined,
        ),
      ),
    );
}
