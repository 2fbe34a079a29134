/** Numbers that are nobody's any more, which rows of the ledger still name. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable } from 'drizzle-orm/pg-core';
import { time } from './columns.js';

/** A user here has no row in users, user_references and accounts: whoever still knows the number finds nothing to act on. */
export const formerUsers = pgTable(
  'former_users',
  {
    userId: bigint('user_id', { mode: 'number' }).primaryKey(),
    /** Whose account the tokens went to; null: the user was erased. */
    mergedInto: bigint('merged_into', { mode: 'number' }),
    /** What is added to a grant's number to find it in that account. */
    grantOffset: integer('grant_offset').notNull().default(0),
    at: time('at').notNull(),
    /** Erased, and rows of the ledger may still have words about the user. */
    textsLeft: boolean('texts_left').notNull().default(false),
  },
  (t) => [
    index('former_users_merged').on(t.mergedInto).where(sql`merged_into is not null`),
    index('former_users_texts').on(t.userId).where(sql`texts_left`),
  ],
);
