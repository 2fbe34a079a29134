/** What happened to users, in the order in which it is told; and what is told of besides the ledger. */
import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { time } from './columns.js';

/** Fixed when first told. Written by one reader at a time, so that ids grow in the order of commits. */
export const events = pgTable(
  'events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    type: text('type').notNull(),
    userId: bigint('user_id', { mode: 'number' }),
    /** Counts a user's events. */
    sequence: bigint('sequence', { mode: 'number' }),
    at: time('at').notNull(),
    toldAt: time('told_at').notNull(),
    /** JSON, as it is sent. */
    data: text('data').notNull(),
  },
  (t) => [index('events_user').on(t.userId, t.id)],
);

/** How many events each user has had: also those that are dropped. */
export const eventCounts = pgTable('event_counts', {
  userId: bigint('user_id', { mode: 'number' }).primaryKey(),
  last: bigint('last', { mode: 'number' }).notNull(),
});

/**
 * What is not in the ledger and is to be told, until the reader of events has taken it. Numbered by the same sequence as
 * the entries, so that one mark stands for both.
 */
export const happenings = pgTable('happenings', {
  id: bigint('id', { mode: 'number' }).primaryKey().default(sql`next_happening_id()`),
  type: text('type').notNull(),
  userId: bigint('user_id', { mode: 'number' }),
  at: time('at').notNull(),
  data: text('data').notNull(),
});

/** When a user's limit on an operation was last told of; a row is of no use after an hour. */
export const limitHits = pgTable(
  'limit_hits',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    operation: text('operation').notNull(),
    toldAt: time('told_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.operation] })],
);
