import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { PartRefund, Payment, Product, UntilPayment } from '../../../domain/payments/payment.js';
import type { PaidBy } from '../../../domain/plan/plan.js';
import type { Queryable } from '../driver/database.js';
import { payments } from '../schema/schema.js';
import { date, ms } from './account-rows.js';

const is = (provider: string, paymentId: string) =>
  and(eq(payments.provider, provider), eq(payments.paymentId, paymentId));

export const paymentOf = (row: typeof payments.$inferSelect): Payment => ({
  ...row,
  product: row.product as Product,
  createdAt: row.createdAt.getTime(),
  refundedAt: ms(row.refundedAt),
  base: ms(row.base),
});

export async function findPayment(
  tx: Queryable,
  provider: string,
  paymentId: string,
): Promise<Payment | null> {
  const [row] = await tx.drizzle.select().from(payments).where(is(provider, paymentId));
  return row ? paymentOf(row) : null;
}

export async function insertPayments(tx: Queryable, made: readonly Payment[]): Promise<void> {
  const rows = made.map((payment) => ({
    ...payment,
    createdAt: new Date(payment.createdAt),
    refundedAt: date(payment.refundedAt),
    base: date(payment.base),
  }));
  if (rows.length > 0) await tx.drizzle.insert(payments).values(rows);
}

export async function markPaymentRefunded(
  tx: Queryable,
  { provider, paymentId, answer, now }: { provider: string; paymentId: string; answer: string; now: number },
): Promise<void> {
  await tx.drizzle
    .update(payments)
    .set({ refundedAt: new Date(now), refundAnswer: answer })
    .where(is(provider, paymentId));
}

/** `refundedAt`: where with it the whole is given back. */
export async function savePartRefund(
  tx: Queryable,
  { provider, paymentId }: PaidBy,
  { refundedAt, ...part }: PartRefund,
): Promise<void> {
  await tx.drizzle
    .update(payments)
    .set({ ...part, refundedAt: date(refundedAt) })
    .where(is(provider, paymentId));
}

/** Of a user, of one provider, for one tier until a moment, but for the refunded ones: a handful, or a decade of months. */
export async function untilPayments(
  tx: Queryable,
  userId: number,
  provider: string,
  tier: string,
): Promise<UntilPayment[]> {
  const { paymentId, base, product } = payments;
  const rows = await tx.drizzle
    .select({ paymentId, base, until: sql<string>`${product}->>'until'` })
    .from(payments)
    .where(
      and(
        eq(payments.userId, userId),
        eq(payments.provider, provider),
        isNull(payments.refundedAt),
        sql`${product}->>'tier' = ${tier}`,
        sql`${product}->>'until' is not null`,
      ),
    )
    .orderBy(asc(payments.createdAt), asc(paymentId));
  return rows.map((row) => ({ ...row, provider, base: ms(row.base), until: Date.parse(row.until) }));
}

export async function setPaymentBase(
  tx: Queryable,
  { provider, paymentId }: PaidBy,
  base: number,
): Promise<void> {
  await tx.drizzle
    .update(payments)
    .set({ base: new Date(base) })
    .where(is(provider, paymentId));
}
