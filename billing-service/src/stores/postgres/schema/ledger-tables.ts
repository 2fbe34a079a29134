/** What moves with every call. Every key has user_id in it. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Part } from '../../../domain/account/account.js';
import { time, tokens } from './columns.js';

/** The numbers of what usage is told by; null where it was not known when the row was written. */
const counted = { tier: integer('tier'), model: integer('model') };

/** One narrow row per user, updated in place by every hot call. */
export const accounts = pgTable(
  'accounts',
  {
    userId: bigint('user_id', { mode: 'number' }).primaryKey(),
    reserved: tokens('reserved').notNull().default(0),
    openCount: integer('open_count').notNull().default(0),
    frontGrantId: integer('front_grant_id'),
    frontLeft: tokens('front_left').notNull().default(0),
    rest: tokens('rest').notNull().default(0),
    debt: tokens('debt').notNull().default(0),
    spent: tokens('spent').notNull().default(0),
    holdDueAt: time('hold_due_at'),
    nextDueAt: time('next_due_at'),
  },
  (t) => [
    // How the sweeper finds accounts. Only the slow path writes it, so hot updates touch no index and stay HOT.
    index('accounts_next_due').on(t.nextDueAt).where(sql`next_due_at is not null`),
    check(
      'accounts_not_negative',
      sql`reserved >= 0 and open_count >= 0 and front_left >= 0 and rest >= 0 and debt >= 0`,
    ),
    check('accounts_debt_only_when_empty', sql`debt = 0 or (front_left = 0 and rest = 0)`),
  ],
);

export const grants = pgTable(
  'grants',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    /** Numbered per user from 1: the order of creation. */
    id: integer('id').notNull(),
    source: text('source').notNull(),
    amount: tokens('amount').notNull(),
    /** Stale while the grant is in front: accounts.front_left holds it then. */
    remaining: tokens('remaining').notNull(),
    /** Tokens that ended unspent: expired or revoked. */
    ended: tokens('ended').notNull().default(0),
    expiresAt: time('expires_at'),
    /** When its end is next looked at: expires_at, or later while open holds keep its tokens. */
    endsAt: time('ends_at'),
    tier: text('tier'),
    tenure: integer('tenure'),
    period: integer('period'),
    paymentProvider: text('payment_provider'),
    paymentId: text('payment_id'),
    /** Its payment was refunded: what returns to it is taken back. */
    revoked: boolean('revoked').notNull().default(false),
    /** How many of its tokens a refund of a part of its payment has yet to take back. */
    toRevoke: tokens('to_revoke').notNull().default(0),
    reason: text('reason'),
    metadata: text('metadata'),
    createdAt: time('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.id] }),
    // A period's grant has this key, so no two writers grant it twice.
    uniqueIndex('grants_granted_once_per_period')
      .on(t.userId, t.tenure, t.period)
      .where(sql`source = 'tier'`),
    // And one grant for what is returned in a period of one payment's tokens, or of nobody's.
    uniqueIndex('grants_returned_once_per_period')
      .on(t.userId, t.tenure, t.period, sql`coalesce(payment_provider, '')`, sql`coalesce(payment_id, '')`)
      .where(sql`source = 'refund'`),
    // Which end soon; those of a tier end with their period, which is told of instead.
    index('grants_expiring').on(t.expiresAt).where(sql`source <> 'tier' and expires_at is not null`),
    check('grants_range', sql`amount >= 0 and remaining >= 0 and remaining <= amount and ended >= 0`),
    check('grants_source', sql`source in ('tier', 'topup', 'promo', 'refund', 'adjustment')`),
  ],
);

export const reservations = pgTable(
  'reservations',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    /** Time-ordered (UUID v7): the primary key also lists a user's reservations, newest first. */
    id: uuid('id').notNull(),
    reference: text('reference').notNull(),
    operation: text('operation').notNull(),
    amount: tokens('amount').notNull(),
    status: text('status').notNull().default('open'),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    settledAt: time('settled_at'),
    /** The amount that commit asked for; charged + uncollected. */
    asked: tokens('asked'),
    charged: tokens('charged').notNull().default(0),
    refundedTotal: tokens('refunded_total').notNull().default(0),
    late: boolean('late').notNull().default(false),
    /** The grant, if a single one paid the whole charge. Otherwise `parts` says which grant paid how much. */
    grantId: integer('grant_id'),
    parts: jsonb('parts').$type<Part[]>(),
    /** The balance as commit answered it and the price list it used, so that the same commit gets the same answer. */
    commitAvailable: tokens('commit_available'),
    commitReserved: tokens('commit_reserved'),
    commitPriceList: integer('commit_price_list'),
    metadata: text('metadata'),
    ...counted,
    /** What its receipts are made of: domain/account/reservation-receipt.ts. The texts are null for most. */
    priceVersion: integer('price_version'),
    terms: text('terms'),
    commitTerms: text('commit_terms'),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.id] }),
    check('reservations_status', sql`status in ('open', 'committed', 'refunded', 'expired')`),
    check('reservations_amounts', sql`amount >= 0 and charged >= 0 and refunded_total >= 0`),
    check('reservations_refund', sql`status <> 'committed' or refunded_total <= charged`),
  ],
);

/** The ledger. Rows are only ever inserted; a trigger refuses the rest. */
export const entries = pgTable(
  'entries',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    kind: text('kind').notNull(),
    amount: tokens('amount').notNull(),
    balanceAfter: tokens('balance_after').notNull(),
    source: text('source'),
    operation: text('operation'),
    reservationId: uuid('reservation_id'),
    metadata: text('metadata'),
    createdAt: time('created_at').notNull(),
    ...counted,
    /** Of a charge: what was asked for and not covered; null for none. */
    uncollected: tokens('uncollected'),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.id] }),
    // What readers of the ledger go by. Ids grow, so it is always the last page that is written.
    index('entries_id').on(t.id),
    check(
      'entries_kind',
      sql`kind in ('grant', 'charge', 'refund', 'expiry', 'revoke', 'adjustment', 'transfer')`,
    ),
  ],
);

/** One row per accepted keyed call: what its answer was made from. Refusals are not stored. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    /** First 16 bytes of SHA-256(API key id, Idempotency-Key). */
    keyHash: uuid('key_hash').notNull(),
    /** First 16 bytes of SHA-256(route, body). */
    payloadHash: uuid('payload_hash').notNull(),
    status: smallint('status').notNull(),
    /** The answer's body as JSON; without balance and affordable where the next three columns are set. */
    answer: text('answer').notNull(),
    available: tokens('available'),
    reserved: tokens('reserved'),
    priceList: integer('price_list'),
    createdAt: time('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.keyHash] }),
    // BRIN: rows arrive in this order, and it costs the hot insert next to nothing.
    index('idempotency_keys_age').using('brin', t.createdAt),
  ],
);
