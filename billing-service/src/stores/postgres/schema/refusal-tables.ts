/** Who was refused what. */
import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { time } from './columns.js';

/** How often one user was refused in an hour; instances add to it every few seconds. Kept for 30 days. */
export const refusals = pgTable(
  'refusals',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    hour: time('hour').notNull(),
    operation: text('operation').notNull(),
    kind: text('kind').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.hour, t.operation, t.kind] }),
    index('refusals_hour').on(t.hour),
  ],
);
