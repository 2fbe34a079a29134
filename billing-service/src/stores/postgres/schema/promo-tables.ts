/** Promo codes: what each is worth, and who had it. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { time, tokens } from './columns.js';

/** Codes that were made by one call, and are worth the same. */
export const promoBatches = pgTable(
  'promo_batches',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    amount: tokens('amount').notNull(),
    expiresAt: time('expires_at'),
    uses: integer('uses').notNull(),
    usesPerUser: integer('uses_per_user').notNull(),
    /** How long the tokens live; null: without end. */
    grantSeconds: integer('grant_seconds'),
    reason: text('reason').notNull(),
    /** As it is shown before its codes. */
    prefix: text('prefix').notNull(),
    createdAt: time('created_at').notNull(),
    /** Of the call's Idempotency-Key: the same again is answered with these codes. */
    keyHash: uuid('key_hash'),
    payloadHash: uuid('payload_hash'),
  },
  (t) => [uniqueIndex('promo_batches_key').on(t.keyHash)],
);

/** A code is deleted by a mark, so that it is never made again and its batch's answer stays what it was. */
export const promoCodes = pgTable(
  'promo_codes',
  {
    /** Capital letters and digits, without dashes. */
    code: text('code').primaryKey(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    batchId: bigint('batch_id', { mode: 'number' }).notNull(),
    used: integer('used').notNull().default(0),
    deletedAt: time('deleted_at'),
  },
  (t) => [
    uniqueIndex('promo_codes_id').on(t.id),
    index('promo_codes_batch').on(t.batchId),
    check('promo_codes_used', sql`used >= 0`),
  ],
);

/** One use of a code. */
export const promoRedemptions = pgTable(
  'promo_redemptions',
  {
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    code: text('code').notNull(),
    redeemedAt: time('redeemed_at').notNull(),
    /** The 201's body, for those who ask again without a key. */
    answer: text('answer').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.code, t.id] })],
);
