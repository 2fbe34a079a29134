import { bigint, timestamp } from 'drizzle-orm/pg-core';

/** Tokens and prices fit a double exactly: they end at 10^12. */
export const tokens = (name: string) => bigint(name, { mode: 'number' });
export const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
