import type { StoredEvent } from '../../../domain/events/event.js';
import type { EventHead, EventPage, EventStore } from '../../../domain/ports/event-store.js';
import type { Database } from '../driver/database.js';

/** Where few are of the types asked for, one statement goes through so many events. */
const STRETCH = 10_000;

const BOUNDS = `select greatest(
    coalesce((select id from events order by id desc limit 1), 0), through_id
  ) as last, through_id as dropped
from marks where reader = 'events-kept'`;

const COLUMNS = 'id as position, type, at, sequence, data';

const HEADS = `select id as position, type, user_id as "userId" from events where id > $1 order by id limit $2`;

export class PostgresEventStore implements EventStore {
  readonly #database: Pick<Database, 'query'>;

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  async last(): Promise<number> {
    return (await this.#bounds()).last;
  }

  heads(after: number, limit: number): Promise<EventHead[]> {
    return this.#database.query<EventHead>(HEADS, [after, limit]);
  }

  async page({ after: wish, types, userId, limit }: Parameters<EventStore['page']>[0]): Promise<EventPage> {
    const bounds = await this.#bounds();
    const after = wish ?? bounds.dropped;
    if (after < bounds.dropped || after > bounds.last) return { events: [], through: after, ...bounds };
    // One user's are found by an index, however far apart they are.
    const end = userId === undefined && types ? Math.min(after + STRETCH, bounds.last) : bounds.last;
    const values: unknown[] = [after, end, limit];
    // One of an erased user has its place and nothing in it.
    const where = ['id > $1', 'id <= $2', `data <> ''`];
    if (types) where.push(`type = any($${values.push([...types])}::text[])`);
    if (userId !== undefined) where.push(ofUser(values.push(userId)));
    const rows = await this.#database.query<Row>(
      `select ${COLUMNS} from events where ${where.join(' and ')} order by id limit $3`,
      values,
    );
    const events = rows.map((row) => ({ ...row, at: row.at.getTime() }));
    const through = events.length === limit ? (events.at(-1)?.position ?? end) : end;
    return { events, through, ...bounds };
  }

  async #bounds(): Promise<{ last: number; dropped: number }> {
    const [bounds] = await this.#database.query<{ last: number; dropped: number }>(BOUNDS);
    return bounds ?? { last: 0, dropped: 0 };
  }
}

/** Also what was told of those who were merged into the user. */
const ofUser = (n: number) =>
  `user_id in (select $${n}::bigint union all select f.user_id from former_users f where f.merged_into = $${n}::bigint)`;

type Row = Omit<StoredEvent, 'at'> & { at: Date };
