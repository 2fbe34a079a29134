/** What is read off the ledger by its followers: how far each has come, and the sums that usage is answered from. */

import { sql } from 'drizzle-orm';
import { bigint, check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { time, tokens } from './columns.js';

/** A reader has taken every entry up to its mark, and below it none will appear any more. */
export const marks = pgTable(
  'marks',
  {
    reader: text('reader').primaryKey(),
    throughId: bigint('through_id', { mode: 'number' }).notNull().default(0),
    /** The same again, told by versions that keep every sum below: one that does not know them cannot move the mark. */
    summedId: bigint('summed_id', { mode: 'number' }).notNull().default(0),
  },
  () => [check('marks_all_sums', sql`reader <> 'usage' or summed_id = through_id`)],
);

/** What rows of the ledger name a model by. Never deleted, and bounded: see model-numbers.ts. */
export const models = pgTable('models', {
  number: integer('number').primaryKey().generatedByDefaultAsIdentity(),
  name: text('name').notNull().unique(),
});

const measures = () => ({
  commits: tokens('commits').notNull(),
  charged: tokens('charged').notNull(),
  refunded: tokens('refunded').notNull(),
  uncollected: tokens('uncollected').notNull(),
  granted: tokens('granted').notNull(),
  expired: tokens('expired').notNull(),
  revoked: tokens('revoked').notNull(),
  adjusted: tokens('adjusted').notNull(),
});

/** Entries summed by hour, and the same by day and month (UTC), so that a year need not be added up from its hours. */
export const usageSums = pgTable(
  'usage_sums',
  {
    unit: text('unit').notNull(),
    startsAt: time('starts_at').notNull(),
    /** 0: none is known. Like '' for an operation, so that they can be part of the key. */
    tier: integer('tier').notNull(),
    operation: text('operation').notNull(),
    model: integer('model').notNull(),
    ...measures(),
    /** Between these are all its entries: how an hour's are found in the ledger. */
    firstId: bigint('first_id', { mode: 'number' }).notNull(),
    lastId: bigint('last_id', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.unit, t.startsAt, t.tier, t.operation, t.model] }),
    check('usage_sums_unit', sql`unit in ('hour', 'day', 'month')`),
  ],
);

/** The same whatever their tier, operation and model: a plot of days reads one row a day. */
export const usageTotals = pgTable(
  'usage_totals',
  {
    unit: text('unit').notNull(),
    startsAt: time('starts_at').notNull(),
    ...measures(),
  },
  (t) => [
    primaryKey({ columns: [t.unit, t.startsAt] }),
    check('usage_totals_unit', sql`unit in ('hour', 'day', 'month')`),
  ],
);

/** Entries summed by month (UTC) and user. */
export const usageUsers = pgTable(
  'usage_users',
  {
    month: time('month').notNull(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    ...measures(),
  },
  (t) => [primaryKey({ columns: [t.month, t.userId] })],
);

/** Entries summed by year (UTC) and user. */
export const usageUserYears = pgTable(
  'usage_user_years',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    year: time('year').notNull(),
    ...measures(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.year] })],
);
