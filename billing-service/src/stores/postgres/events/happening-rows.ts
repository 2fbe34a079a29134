import type { Happening } from '../../../domain/events/event.js';
import type { Queryable } from '../driver/database.js';
import { happenings } from '../schema/schema.js';

/** Writes what happened, in the transaction in which it did; they are told in this order. */
export async function insertHappenings(
  { drizzle }: Pick<Queryable, 'drizzle'>,
  told: readonly Happening[],
): Promise<void> {
  // One by one: the rows of one insert have no order among themselves that anybody promises.
  for (const one of told) await drizzle.insert(happenings).values(happeningRow(one));
}

export const happeningRow = ({ type, userId, at, data, balance }: Happening) => ({
  ...{ type, userId, at: new Date(at) },
  data: JSON.stringify({ data, ...(balance ? { balance } : {}) }),
});

/** The same as it is stored. */
export const happeningOf = (row: typeof happenings.$inferSelect): Happening => ({
  type: row.type as Happening['type'],
  userId: row.userId,
  at: row.at.getTime(),
  ...(JSON.parse(row.data) as Pick<Happening, 'data' | 'balance'>),
});
