/** What accounts have that no entry of their own tells. */
import { bigint, pgTable } from 'drizzle-orm/pg-core';
import { tokens } from './columns.js';

/** What a user had spent elsewhere; accounts.spent is this and the charges of the ledger. No row: nothing. */
export const carried = pgTable('carried', {
  userId: bigint('user_id', { mode: 'number' }).primaryKey(),
  spent: tokens('spent').notNull(),
});
