/** What stays of entries that are in a file (docs/decisions/0026-archive.md). */

import { sql } from 'drizzle-orm';
import { bigint, check, pgTable, text } from 'drizzle-orm/pg-core';
import { time } from './columns.js';

/** One row a file, in the order in which they are chained. A trigger refuses changes. */
export const archives = pgTable(
  'archives',
  {
    /** low ≤ id < high. */
    low: bigint('low', { mode: 'number' }).primaryKey(),
    high: bigint('high', { mode: 'number' }).notNull(),
    file: text('file').notNull(),
    rows: bigint('rows', { mode: 'number' }).notNull(),
    /** A whole number of any size. */
    amount: text('amount').notNull(),
    sha256: text('sha256').notNull(),
    /** The file's before; null of the first. */
    previous: text('previous'),
    /** When the last of them happened; null where there were none. */
    lastAt: time('last_at'),
    archivedAt: time('archived_at').notNull(),
  },
  () => [check('archives_span', sql`low < high`)],
);
