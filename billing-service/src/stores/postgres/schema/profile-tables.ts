/** Users, catalogue and keys: rarely written, cached by every instance. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Policy, Price, Rate, Unpriced } from '../../../domain/catalogue/catalogue.js';
import type { Overrides } from '../../../domain/catalogue/overrides.js';
import type { Purchase } from '../../../domain/plan/plan.js';
import { time, tokens } from './columns.js';

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
  /** From then on the key that took its place stands alone. */
  retiresAt: time('retires_at'),
  revokedAt: time('revoked_at'),
  lastUsedAt: time('last_used_at'),
  /** Null: its own id. */
  idempotencyScope: text('idempotency_scope'),
});

/** Operators at the console; see domain/ports/console-session-store.ts. */
export const consoleSessions = pgTable('console_sessions', {
  tokenHash: text('token_hash').primaryKey(),
  keyHash: text('key_hash').notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at').notNull(),
});

export const tiers = pgTable('tiers', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  monthlyTokens: tokens('monthly_tokens').notNull(),
  overdraft: tokens('overdraft').notNull(),
  maxOpenReservations: integer('max_open_reservations'),
  requiresChannel: boolean('requires_channel').notNull(),
  graceSeconds: integer('grace_seconds').notNull().default(0),
  prices: jsonb('prices').$type<Price[]>().notNull(),
  policies: jsonb('policies').$type<Policy[]>().notNull(),
  features: jsonb('features').$type<string[]>().notNull(),
  position: integer('position').notNull(),
  /** What rows of the ledger name it by. */
  number: integer('number').notNull().generatedByDefaultAsIdentity().unique(),
});

export const operations = pgTable('operations', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  price: tokens('price').notNull(),
  rates: jsonb('rates').$type<Rate[]>().notNull().default([]),
  unpriced: text('unpriced').$type<Unpriced>().notNull().default('refuse'),
});

/**
 * What each operation has ever cost. The database itself adds a version when the operation's row is written, whoever
 * writes it, and refuses every change; so a receipt reads the same for ever.
 */
export const operationPrices = pgTable(
  'operation_prices',
  {
    operation: text('operation').notNull(),
    version: integer('version').notNull(),
    price: tokens('price').notNull(),
    rates: jsonb('rates').$type<Rate[]>().notNull(),
    unpriced: text('unpriced').$type<Unpriced>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.operation, t.version] })],
);

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
export const users = pgTable(
  'users',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    username: text('username'),
    firstName: text('first_name'),
    locale: text('locale'),
    tier: text('tier')
      .notNull()
      .references(() => tiers.id),
    /** Counts the beginnings of paid periods and of gift; with the period it names a period's grant. */
    tenure: integer('tenure').notNull().default(0),
    /** On gift: the moment from which its months are counted; null while it waits for the first join, and on paid tiers. */
    anchor: time('anchor'),
    period: integer('period').notNull().default(0),
    periodGranted: boolean('period_granted').notNull().default(false),
    /** Paid time that is not over, in the order of purchase. */
    purchases: jsonb('purchases').$type<Purchase[]>().notNull().default([]),
    /** Until when a tier stays whose last piece is over. */
    graceUntil: time('grace_until'),
    /** When the tier may change by itself; null on gift. What caches of the profile need, without the purchases. */
    tierDueAt: time('tier_due_at'),
    channelSubscribedAt: time('channel_subscribed_at'),
    /** An operator's stop; null: none. */
    blockedAt: time('blocked_at'),
    blockReason: text('block_reason'),
    /** The user's own limits, perhaps over already; null: all are the tier's. */
    overrides: jsonb('overrides').$type<Overrides>(),
    createdAt: time('created_at').notNull(),
  },
  // By what they begin with, byte by byte; the statements of user-search.ts say the same expressions.
  (t) => [
    index('users_tier').on(t.tier, t.id),
    index('users_tier_due').on(t.tierDueAt).where(sql`tier_due_at is not null`),
    index('users_blocked').on(t.id).where(sql`blocked_at is not null`),
    index('users_username')
      .on(sql`lower("username") text_pattern_ops`, t.id)
      .where(sql`username is not null`),
    index('users_first_name')
      .on(sql`lower("first_name") text_pattern_ops`, t.id)
      .where(sql`first_name is not null`),
  ],
);

export const userReferences = pgTable(
  'user_references',
  {
    reference: text('reference').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    createdAt: time('created_at').notNull(),
  },
  (t) => [
    index('user_references_user').on(t.userId),
    index('user_references_search').on(sql`lower("reference") text_pattern_ops`, t.userId),
    index('user_references_search_id').on(
      sql`lower(substr("reference", strpos("reference", ':') + 1)) text_pattern_ops`,
      t.userId,
    ),
  ],
);
