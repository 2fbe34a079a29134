/** The slow path's transaction: lock, load, settle, act, save. */
import { and, asc, desc, eq, gt, inArray, isNotNull, or, sql } from 'drizzle-orm';
import type { PriceList, Tier } from '../../../domain/catalogue/catalogue.js';
import {
  type PurseTransaction,
  type SlowCall,
  type StoredAnswer,
  UnknownAccountError,
} from '../../../domain/ports/ledger.js';
import { burnOrder, type Purse, payDebt } from '../../../domain/account/purse.js';
import { partsOf, type Reservation } from '../../../domain/tokens/reservation.js';
import { settle } from '../../../domain/account/settle.js';
import { findAnswer, insertAnswer } from './answer-rows.js';
import type { Queryable } from '../driver/database.js';
import { findPayment, insertPayment, markPaymentRefunded } from './payment-rows.js';
import { grantOf, planOf, reservationOf, reservationRow } from './purse-rows.js';
import { savePurse } from './save-purse.js';
import { accounts, grants, reservations, users } from '../schema.js';
import { addReference, userDetails } from '../users/user-rows.js';

export interface PurseContext {
  now: number;
  tierOf(id: string): Tier;
  priceList: PriceList;
}

/** A purse as loaded, and what it looked like, so that only what changed is written. */
export interface LoadedPurse {
  purse: Purse;
  accountBefore: typeof accounts.$inferSelect;
  grantsBefore: Map<number, typeof grants.$inferSelect>;
  planBefore: typeof users.$inferSelect;
}

/** Returns what `act` returned, and whether the plan changed (the profile is then stale everywhere). */
export async function withLockedPurse<T>(
  tx: Queryable,
  call: SlowCall,
  context: PurseContext,
  act: (purse: Purse, transaction: PurseTransaction) => Promise<T> | T,
): Promise<{ value: T; planChanged: boolean }> {
  const [account] = await tx.drizzle
    .select()
    .from(accounts)
    .where(eq(accounts.userId, call.userId))
    .for('update');
  if (!account) throw new UnknownAccountError(`user ${call.userId} has no account`);
  const reservation = call.reservationId ? await loadReservation(tx, call.userId, call.reservationId) : null;
  const loaded = await loadPurse(tx, account, call, reservation, context);
  const { purse } = loaded;
  settle(purse, context.now);
  const lapsedAt = reservation && purse.lapsed.get(reservation.id);
  if (lapsedAt) Object.assign(reservation, { status: 'expired', settledAt: lapsedAt });
  const value = await act(purse, transactionOver(tx, call.userId, context, reservation));
  payDebt(purse);
  // What the call did may itself be due at once, such as paid time that ends in the past.
  settle(purse, context.now);
  const planChanged = await savePurse(tx, call.userId, loaded);
  return { value, planChanged };
}

function transactionOver(
  tx: Queryable,
  userId: number,
  { now, priceList }: PurseContext,
  reservation: Reservation | null,
): PurseTransaction {
  return {
    now,
    priceList,
    reservation,
    answerOf: (keyHash) => findAnswer(tx, userId, keyHash),
    addReference: (reference) => addReference(tx, userId, reference, now),
    userDetails: () => userDetails(tx, userId),
    saveAnswer: (key, status, stored: Omit<StoredAnswer, 'payloadHash'>) =>
      insertAnswer(tx, { userId, key, status, stored, now }),
    insertReservation: async (r) => {
      await tx.drizzle.insert(reservations).values(reservationRow(r));
    },
    updateReservation: async (r) => {
      const { userId: _, id, ...row } = reservationRow(r);
      await tx.drizzle
        .update(reservations)
        .set(row)
        .where(and(eq(reservations.userId, userId), eq(reservations.id, id)));
    },
    findPayment: (provider, paymentId) => findPayment(tx, provider, paymentId),
    insertPayment: (payment) => insertPayment(tx, payment),
    markPaymentRefunded: (provider, paymentId, answer) =>
      markPaymentRefunded(tx, { provider, paymentId, answer, now }),
  };
}

async function loadReservation(tx: Queryable, userId: number, id: string): Promise<Reservation | null> {
  const [row] = await tx.drizzle
    .select()
    .from(reservations)
    .where(and(eq(reservations.userId, userId), eq(reservations.id, id)));
  return row ? reservationOf(row) : null;
}

async function loadPurse(
  tx: Queryable,
  account: typeof accounts.$inferSelect,
  call: SlowCall,
  reservation: Reservation | null,
  context: PurseContext,
): Promise<LoadedPurse> {
  const { userId } = account;
  const [user] = await tx.drizzle.select().from(users).where(eq(users.id, userId));
  if (!user) throw new Error(`account ${userId} has no user`);
  const grantRows = await loadGrants(tx, account, call, reservation, context.now, user);
  const open = await tx.drizzle
    .select({ id: reservations.id, amount: reservations.amount, expiresAt: reservations.expiresAt })
    .from(reservations)
    .where(and(eq(reservations.userId, userId), eq(reservations.status, 'open')))
    .orderBy(asc(reservations.id));
  const [newest] = await tx.drizzle
    .select({ id: grants.id })
    .from(grants)
    .where(eq(grants.userId, userId))
    .orderBy(desc(grants.id))
    .limit(1);
  const loadedGrants = grantRows.map(grantOf);
  for (const grant of loadedGrants) {
    if (grant.id === account.frontGrantId) grant.remaining = account.frontLeft;
  }
  return {
    accountBefore: account,
    grantsBefore: new Map(grantRows.map((row) => [row.id, row])),
    planBefore: user,
    purse: {
      reserved: account.reserved,
      debt: account.debt,
      spent: account.spent,
      grants: loadedGrants.sort(burnOrder),
      nextGrantId: (newest?.id ?? 0) + 1,
      holds: open.map((hold) => ({ ...hold, expiresAt: hold.expiresAt.getTime() })),
      lapsed: new Map(),
      plan: structuredClone(planOf(user)),
      entries: [],
      tierOf: context.tierOf,
    },
  };
}

/** Those with tokens, and empty ones that matter: live gift grants, what a refund may return to, a payment's own. */
function loadGrants(
  tx: Queryable,
  account: typeof accounts.$inferSelect,
  call: SlowCall,
  reservation: Reservation | null,
  now: number,
  plan: { tenure: number; period: number },
) {
  const firstDue = new Date(Math.min(now, account.nextDueAt?.getTime() ?? now));
  const partIds = reservation ? partsOf(reservation).flatMap(([id]) => (id === null ? [] : [id])) : [];
  const { payment } = call;
  return tx.drizzle
    .select()
    .from(grants)
    .where(
      and(
        eq(grants.userId, account.userId),
        or(
          gt(grants.remaining, 0),
          sql`${grants.id} = ${account.frontGrantId}`,
          and(isNotNull(grants.tier), gt(grants.expiresAt, firstDue)),
          and(eq(grants.source, 'refund'), eq(grants.tenure, plan.tenure), eq(grants.period, plan.period)),
          partIds.length > 0 ? inArray(grants.id, partIds) : undefined,
          payment
            ? and(eq(grants.paymentProvider, payment.provider), eq(grants.paymentId, payment.paymentId))
            : undefined,
        ),
      ),
    );
}
