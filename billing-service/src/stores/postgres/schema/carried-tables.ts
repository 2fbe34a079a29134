/** What accounts have that no entry that is still here tells. */
import { bigint, pgTable } from 'drizzle-orm/pg-core';
import { tokens } from './columns.js';

/** An account is this and its entries in the ledger. No row: nothing. */
export const carried = pgTable('carried', {
  userId: bigint('user_id', { mode: 'number' }).primaryKey(),
  /** Charged less refunded, elsewhere or by entries that are archived. */
  spent: tokens('spent').notNull(),
  /** How many entries are archived, and what they come to. */
  entries: bigint('entries', { mode: 'number' }).notNull().default(0),
  total: tokens('total').notNull().default(0),
});
