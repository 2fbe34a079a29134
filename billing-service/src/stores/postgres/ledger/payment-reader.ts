import { and, desc, eq, sql } from 'drizzle-orm';
import type { ListedPayment, PaymentReader } from '../../../domain/ports/listings.js';
import type { Database } from '../driver/database.js';
import { orUnavailable } from '../driver/failure.js';
import { payments } from '../schema/schema.js';
import { asMetadata } from './entry-store.js';

export class PostgresPaymentReader implements PaymentReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list({
    userId,
    provider,
    paymentId,
    before,
    limit,
  }: Parameters<PaymentReader['list']>[0]): Promise<ListedPayment[]> {
    const key = sql`(${payments.createdAt}, ${payments.provider}, ${payments.paymentId})`;
    const rows = await orUnavailable(
      this.#database.drizzle
        .select()
        .from(payments)
        .where(
          and(
            userId === undefined ? undefined : eq(payments.userId, userId),
            provider === undefined ? undefined : eq(payments.provider, provider),
            paymentId === undefined ? undefined : eq(payments.paymentId, paymentId),
            before &&
              sql`${key} < (${new Date(before.createdAt).toISOString()}::timestamptz, ${before.provider}, ${before.paymentId})`,
          ),
        )
        .orderBy(desc(payments.createdAt), desc(payments.provider), desc(payments.paymentId))
        .limit(limit),
    );
    return rows.map((row) => ({
      provider: row.provider,
      paymentId: row.paymentId,
      answer: JSON.parse(row.answer) as Record<string, unknown>,
      currency: row.currency,
      amount: row.amount,
      metadata: asMetadata(row.metadata),
      createdAt: row.createdAt.getTime(),
      refundedAt: row.refundedAt?.getTime() ?? null,
      refundedTokens: row.refundedTokens,
      refundedAmount: row.refundedAmount,
    }));
  }
}
