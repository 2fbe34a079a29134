import type { Queryable } from '../driver/database.js';

const ARCHIVED = 'select coalesce(max(high), 0) as high from archives';

/** Entries of lesser numbers are in the archive. */
export async function archivedTo(tx: Pick<Queryable, 'query'>): Promise<number> {
  const [row] = await tx.query<{ high: number }>(ARCHIVED);
  return row?.high ?? 0;
}
