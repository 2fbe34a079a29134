import type { LedgerReader, Sight } from '../../../domain/ports/ledger-reader.js';
import type { Database, Queryable } from '../driver/database.js';

/** Entries with `after` < id ≤ `through`: all there are, and all there will ever be. */
export interface Page {
  after: number;
  through: number;
}

/** What is numbered by the one sequence, each row by a transaction that had a number of its own before. */
type Table = 'entries' | 'happenings';

export interface Follower {
  /** It has its row in marks. */
  reader: string;
  tables: readonly Table[];
}

/**
 * Whoever wrote an entry below the last that is seen had a transaction number before it took the entry's number, for it
 * locked the account first. So the number that is drawn here is greater than all of theirs.
 */
const lookAt = (tables: readonly Table[]): string => `select m.through_id as "throughId",
  greatest(0, ${tables.map((table) => `(select id from ${table} order by id desc limit 1)`)}) as "lastId"
from marks m where m.reader = $1`;
const FENCE = 'select pg_current_xact_id()::text as fence';

const LOCK = `select through_id as after, pg_snapshot_xmin(pg_current_snapshot()) >= $2::xid8 as settled
from marks where reader = $1 for update skip locked`;

const nextOf = (
  tables: readonly Table[],
): string => `select coalesce(max(id), $2) as through, count(*)::integer as count
from (select id from (${tables
  .map((table) => `(select id from ${table} where id > $1 and id <= $2 order by id limit $3)`)
  .join(' union all ')}) numbered order by id limit $3) page`;

/** Both numbers: see the schema. */
const MOVE = 'update marks set through_id = $2, summed_id = $2 where reader = $1';

/** `write` makes of a page what the reader keeps. */
export function ledgerReader(
  database: Database,
  { reader, tables }: Follower,
  write: (tx: Queryable, page: Page) => Promise<void>,
): LedgerReader {
  const look = lookAt(tables);
  const next = nextOf(tables);
  return {
    look: async () => {
      const [seen] = await database.query<{ throughId: number; lastId: number }>(look, [reader]);
      if (!seen || seen.lastId <= seen.throughId) return null;
      const [drawn] = await database.query<{ fence: string }>(FENCE);
      return drawn ? { lastId: seen.lastId, fence: drawn.fence } : null;
    },
    take: (sight, limit) =>
      database.transaction(async (tx) => {
        const [mark] = await tx.query<{ after: number; settled: boolean }>(LOCK, [reader, sight.fence]);
        if (!mark) return 'elsewhere';
        if (!mark.settled) return 'early';
        if (mark.after >= sight.lastId) return 'all';
        return takePage(tx, { reader, next }, { mark, sight, limit }, write);
      }),
  };
}

async function takePage(
  tx: Queryable,
  { reader, next: text }: { reader: string; next: string },
  { mark, sight, limit }: { mark: { after: number }; sight: Sight; limit: number },
  write: (tx: Queryable, page: Page) => Promise<void>,
): Promise<'more' | 'all'> {
  const [next] = await tx.query<{ through: number; count: number }>(text, [mark.after, sight.lastId, limit]);
  if (!next) return 'all';
  const isLast = next.count < limit;
  const through = isLast ? sight.lastId : next.through;
  await write(tx, { after: mark.after, through });
  await tx.query(MOVE, [reader, through]);
  return isLast ? 'all' : 'more';
}
