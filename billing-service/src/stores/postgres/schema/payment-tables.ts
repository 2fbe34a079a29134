/** What was paid: found by its own id, at its provider's. */
import { bigint, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { time, tokens } from './columns.js';

export const payments = pgTable(
  'payments',
  {
    provider: text('provider').notNull(),
    paymentId: text('payment_id').notNull(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    reference: text('reference').notNull(),
    product: jsonb('product').$type<Record<string, string | number>>().notNull(),
    currency: text('currency').notNull(),
    amount: tokens('amount').notNull(),
    metadata: text('metadata'),
    /** The 201's body, for replays. */
    answer: text('answer').notNull(),
    createdAt: time('created_at').notNull(),
    refundedAt: time('refunded_at'),
    refundAnswer: text('refund_answer'),
    /** Of its tokens and its money what refunds of parts gave back; a refund of the whole adds nothing to them. */
    refundedTokens: tokens('refunded_tokens').notNull().default(0),
    refundedAmount: tokens('refunded_amount').notNull().default(0),
    /** Where the length of a payment until a moment begins (rule 1 of paid time); null where another's length holds it. */
    base: time('base'),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.paymentId] }),
    index('payments_user').on(t.userId, t.createdAt),
    index('payments_created').on(t.createdAt),
    index('payments_payment_id').on(t.paymentId),
  ],
);
