/** The slow path's transaction: lock, load, change, save. */
import { and, eq } from 'drizzle-orm';
import type { Account } from '../../../domain/account/account.js';
import { assertReservation } from '../../../domain/account/assert-account.js';
import { changeAccount } from '../../../domain/account/change-account.js';
import { tookEffect } from '../../../domain/account/idempotency.js';
import { pictureOf } from '../../../domain/account/picture.js';
import type { Reservation } from '../../../domain/account/reservation.js';
import { UnknownAccountError } from '../../../domain/account/unknown-account.js';
import type { Change } from '../../../domain/ports/audit-log.js';
import type {
  AccountTransaction,
  LedgerCaller,
  SlowCall,
  StoredAnswer,
} from '../../../domain/ports/ledger.js';
import { insertAuditLine } from '../audit-log/audit-rows.js';
import type { Queryable } from '../driver/database.js';
import { findCode, insertRedemption, takeUse } from '../promo/promo-rows.js';
import { accounts, reservations } from '../schema/schema.js';
import { eraseUser } from '../users/former-user-rows.js';
import { addReference, removeReference, setBlock, userDetails } from '../users/user-rows.js';
import { reservationRow } from './account-rows.js';
import { findAnswer, insertAnswer } from './answer-rows.js';
import { countedAs, modelKept } from './counted-as.js';
import { type AccountContext, formerReservation, loadAccount, loadReservation } from './load-account.js';
import {
  findPayment,
  insertPayments,
  markPaymentRefunded,
  savePartRefund,
  setPaymentBase,
  untilPayments,
} from './payment-rows.js';
import { saveAccount, type Told } from './save-account.js';

export interface Changed<T> {
  /** What `act` returned. */
  value: T;
  /** The profile is then stale everywhere. */
  planChanged: boolean;
  holdsLapsed: number;
  periodsTurned: number;
}

export async function withLockedAccount<T>(
  tx: Queryable,
  call: SlowCall & Pick<Partial<LedgerCaller>, 'author' | 'rehearsal'>,
  context: AccountContext,
  act: (account: Account, transaction: AccountTransaction) => Promise<T> | T,
): Promise<Changed<T>> {
  const [row] = await tx.drizzle
    .select()
    .from(accounts)
    .where(eq(accounts.userId, call.userId))
    .for('update');
  if (!row) throw new UnknownAccountError(call.userId);
  const { reservationId } = call;
  const reservation = reservationId
    ? ((await loadReservation(tx, call.userId, reservationId)) ??
      (await formerReservation(tx, call.userId, reservationId)))
    : null;
  const loaded = await loadAccount(tx, row, call, reservation, context);
  const { account } = loaded;
  const said: Said = { change: {}, told: [] };
  let before: object | null = null;
  const value = await changeAccount(account, reservation, context.now, () => {
    if (call.author || call.rehearsal) before = pictureOf(account);
    return act(account, transactionOver(tx, call.userId, context, reservation, said));
  });
  const planChanged = await saveAccount(tx, call.userId, loaded, { now: context.now, told: said.told });
  if (call.rehearsal) Object.assign(call.rehearsal, { before, after: pictureOf(account) });
  if (call.author && said.change && tookEffect(value)) {
    const whole = { target: null, reason: null, before, after: pictureOf(account), ...said.change };
    await insertAuditLine(tx, call.author, { userId: call.userId, ...whole });
  }
  return { value, planChanged, holdsLapsed: account.lapsed, periodsTurned: account.turned };
}

/** What the call says of itself, besides its answer. */
export interface Said {
  change: Partial<Change> | null;
  told: Told[];
}

export function transactionOver(
  tx: Queryable,
  userId: number,
  { now, priceList }: AccountContext,
  reservation: Reservation | null,
  said: Said,
): AccountTransaction {
  return {
    now,
    priceList,
    reservation,
    describe: (part) => {
      said.change = part && { ...said.change, ...part };
    },
    answerOf: (keyHash) => findAnswer(tx, userId, keyHash),
    addReference: (reference) => addReference(tx, userId, reference, now),
    removeReference: (reference) => removeReference(tx, userId, reference),
    setBlock: (block) => setBlock(tx, userId, block),
    eraseUser: () => eraseUser(tx, userId, now),
    tell: (type, data) => said.told.push({ type, data }),
    userDetails: () => userDetails(tx, userId, now),
    saveAnswer: (key, status, stored: Omit<StoredAnswer, 'payloadHash'>) =>
      insertAnswer(tx, { userId, key, status, stored, now }),
    insertReservation: async (r) => {
      await tx.drizzle.insert(reservations).values({ ...reservationRow(r), ...countedAs(r) });
    },
    updateReservation: async (r) => {
      assertReservation(r);
      const { userId: owner, id, ...row } = reservationRow(r);
      await tx.drizzle
        .update(reservations)
        .set(row)
        .where(and(eq(reservations.userId, owner), eq(reservations.id, id)));
    },
    findPromoCode: (code) => findCode(tx, code, userId),
    takePromoUse: (code) => takeUse(tx, code),
    insertRedemption: (code, answer) => insertRedemption(tx, { userId, code, answer, now }),
    modelKept: (name) => modelKept(tx, name),
    findPayment: (provider, paymentId) => findPayment(tx, provider, paymentId),
    insertPayment: (payment) => insertPayments(tx, [payment]),
    untilPayments: (provider, tier) => untilPayments(tx, userId, provider, tier),
    setPaymentBase: (payment, base) => setPaymentBase(tx, payment, base),
    markPaymentRefunded: (provider, paymentId, answer) =>
      markPaymentRefunded(tx, { provider, paymentId, answer, now }),
    savePartRefund: (payment, part) => savePartRefund(tx, payment, part),
  };
}
