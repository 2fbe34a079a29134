import type { LedgerRoom, RoomAhead } from '../../../domain/ports/ledger-room.js';
import type { Database } from '../driver/database.js';

/** Any number: who has it makes the next partition. */
const LOCK = 7_203_416;
/** The pace is that of the last so many entries. */
const PACE = 1_000_000;

/** Lower and upper end of each; the first one begins nowhere, which is 0 here. */
export const PARTITIONS = `select c.relname as name,
    coalesce(substring(bound from 'FROM \\(''?(\\d+)')::bigint, 0) as low, substring(bound from 'TO \\(''?(\\d+)')::bigint as high
  from pg_inherits i join pg_class c on c.oid = i.inhrelid, pg_get_expr(c.relpartbound, c.oid) bound
  where i.inhparent = 'entries'::regclass`;

const LOOK = `with part as (${PARTITIONS}), drawn as (
  select case when is_called then last_value else 0 end as drawn from entries_id_seq
)
select drawn, coalesce((select max(high) from part), 0) as end,
  (select count(*) from part where low > drawn) as "partitionsAhead", e.id, e.created_at as at
from drawn left join lateral (
  select id, created_at from entries where id > drawn - ${PACE} order by id limit 1
) e on true`;

export class LedgerPartitions implements LedgerRoom {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async look(): Promise<RoomAhead> {
    const [row] = await this.#database.query<{
      drawn: number;
      end: number;
      partitionsAhead: number;
      id: number | null;
      at: Date | null;
    }>(LOOK);
    if (!row) throw new Error('the ledger has no partitions');
    const { drawn, end, partitionsAhead, id, at } = row;
    return { drawn, end, partitionsAhead, earlier: id === null || !at ? null : { id, at: at.getTime() } };
  }

  async add(end: number, size: number): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const [turn] = await tx.query<{ mine: boolean }>(`select pg_try_advisory_xact_lock(${LOCK}) as mine`);
      if (!turn?.mine) return;
      const [last] = await tx.query<{ high: number }>(
        `select max(high) as high from (${PARTITIONS}) partition`,
      );
      if (last?.high === end)
        await tx.query('select add_entries_partition($1::bigint, $2::bigint)', [end, end + size]);
    });
  }
}
