import { and, eq } from 'drizzle-orm';
import type { Payment, Product } from '../../../domain/payments/payment.js';
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
});

export async function findPayment(
  tx: Queryable,
  provider: string,
  paymentId: string,
): Promise<Payment | null> {
  const [row] = await tx.drizzle.select().from(payments).where(is(provider, paymentId));
  return row ? paymentOf(row) : null;
}

export async function insertPayment(tx: Queryable, payment: Payment): Promise<void> {
  await tx.drizzle.insert(payments).values({
    ...payment,
    createdAt: new Date(payment.createdAt),
    refundedAt: date(payment.refundedAt),
  });
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
