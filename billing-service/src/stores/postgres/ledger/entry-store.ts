import { and, desc, eq, lt, ne } from 'drizzle-orm';
import type { Entry, EntryKind } from '../../../domain/account/entry.js';
import type { ArchivedEntries, EntryStore } from '../../../domain/ports/listings.js';
import type { Database } from '../driver/database.js';
import { orUnavailable } from '../driver/failure.js';
import { entries } from '../schema/schema.js';

const ARCHIVED = 'select sum(rows)::bigint as entries, max(last_at) as through from archives';
const ARCHIVED_OF = `select entries, (select max(last_at) from archives) as through from carried where user_id = $1`;

/**
 * Every writer locks the account's row, so within one account ids grow in the order of commits, and so of time. A charge
 * of 0 stands in the table for usage alone (what could not be collected); it moved nothing, so it is in no list.
 */
export class PostgresEntryStore implements EntryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list({ userId, kind, before, limit }: Parameters<EntryStore['list']>[0]): Promise<Entry[]> {
    const rows = await orUnavailable(
      this.#database.drizzle
        .select()
        .from(entries)
        .where(
          and(
            eq(entries.userId, userId),
            ne(entries.amount, 0),
            kind === undefined ? undefined : eq(entries.kind, kind),
            before === undefined ? undefined : lt(entries.id, before),
          ),
        )
        .orderBy(desc(entries.id))
        .limit(limit),
    );
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind as EntryKind,
      amount: row.amount,
      balanceAfter: row.balanceAfter,
      source: row.source,
      operation: row.operation,
      reservationId: row.reservationId,
      metadata: asMetadata(row.metadata),
      createdAt: row.createdAt.getTime(),
    }));
  }

  async archived(userId?: number): Promise<ArchivedEntries | null> {
    const [text, values] = userId === undefined ? [ARCHIVED, []] : [ARCHIVED_OF, [userId]];
    const [row] = await this.#database.query<{ entries: number | null; through: Date | null }>(text, values);
    return row?.entries && row.through ? { entries: row.entries, through: row.through.getTime() } : null;
  }
}

/** Kept as text, so that it comes back exactly as it was given, even the order of its keys. */
export const asMetadata = (text: string | null): object | null =>
  text === null ? null : (JSON.parse(text) as object);
