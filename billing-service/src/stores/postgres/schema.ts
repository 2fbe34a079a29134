/** Every table. Hot tables (accounts, reservations, entries, idempotency_keys) have user_id in every key. */
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
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Policy, Price } from '../../domain/catalogue.js';
import type { Coverage, Part, Purchase } from '../../domain/purse.js';

const tokens = (name: string) => bigint(name, { mode: 'number' });
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Values that all instances share, such as the test clock's offset. */
export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

export const apiKeys = pgTable('api_keys', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  scopes: text('scopes').array().notNull(),
  prefix: text('prefix').notNull(),
  /** SHA-256 of the key, hex; the key itself is never stored. */
  keyHash: text('key_hash').notNull().unique(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at'),
  revokedAt: time('revoked_at'),
});

export const tiers = pgTable('tiers', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  monthlyTokens: tokens('monthly_tokens').notNull(),
  overdraft: tokens('overdraft').notNull(),
  maxOpenReservations: integer('max_open_reservations'),
  requiresChannel: boolean('requires_channel').notNull(),
  prices: jsonb('prices').$type<Price[]>().notNull(),
  policies: jsonb('policies').$type<Policy[]>().notNull(),
  features: jsonb('features').$type<string[]>().notNull(),
  position: integer('position').notNull(),
});

export const operations = pgTable('operations', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  price: tokens('price').notNull(),
});

export const packs = pgTable('packs', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  tokens: tokens('tokens').notNull(),
  prices: jsonb('prices').$type<Price[]>().notNull(),
});

/** Appended whenever an operation changes, so that an old answer can be given again byte for byte. */
export const priceLists = pgTable('price_lists', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  prices: jsonb('prices').$type<Record<string, number>>().notNull(),
});

/** Who is metered, and the plan: rarely written, cached by every instance. */
export const users = pgTable('users', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
  username: text('username'),
  firstName: text('first_name'),
  locale: text('locale'),
  tier: text('tier')
    .notNull()
    .references(() => tiers.id),
  /** Counts the times a tier began; with the period it names a period's grant. */
  tenure: integer('tenure').notNull().default(0),
  /** The moment the tier began, from which months are counted; null while gift waits for the first join. */
  anchor: time('anchor'),
  period: integer('period').notNull().default(0),
  periodGranted: boolean('period_granted').notNull().default(false),
  paidUntil: time('paid_until'),
  /** Payments whose time is part of the present tenure, in order. */
  coverage: jsonb('coverage').$type<Coverage[]>().notNull().default([]),
  /** Lower tiers bought, which begin at paid_until, in order of purchase. */
  queued: jsonb('queued').$type<Purchase[]>().notNull().default([]),
  channelSubscribedAt: time('channel_subscribed_at'),
  createdAt: time('created_at').notNull(),
});

export const userReferences = pgTable(
  'user_references',
  {
    reference: text('reference').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    createdAt: time('created_at').notNull(),
  },
  (t) => [index('user_references_user').on(t.userId)],
);

/** The purse in hand: one narrow row a user, updated in place by every hot call (see design of the hot path). */
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
    // The sweeper's way in. Only the slow path writes it, so hot updates touch no index and stay HOT.
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
    reason: text('reason'),
    metadata: text('metadata'),
    createdAt: time('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.id] }),
    // A period's grant has this key, so no two writers grant it twice.
    unique('grants_once_per_period').on(t.userId, t.tenure, t.period, t.source),
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
    /** Where one grant bore the whole charge: that grant. Else `parts` says who bore what. */
    grantId: integer('grant_id'),
    parts: jsonb('parts').$type<Part[]>(),
    /** The balance as commit answered it and the price list it used, so that the same commit gets the same answer. */
    commitAvailable: tokens('commit_available'),
    commitReserved: tokens('commit_reserved'),
    commitPriceList: integer('commit_price_list'),
    metadata: text('metadata'),
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
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.id] }),
    check('entries_kind', sql`kind in ('grant', 'charge', 'refund', 'expiry', 'revoke', 'adjustment')`),
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
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.paymentId] }),
    index('payments_user').on(t.userId, t.createdAt),
    index('payments_created').on(t.createdAt),
  ],
);
