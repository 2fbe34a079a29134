import type {
  CountedRefusal,
  RefusalCount,
  RefusalFilter,
  RefusalRow,
  RefusalStore,
  RefusalSum,
} from '../../../domain/ports/refusal-store.js';
import { plainArray, textArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';

const PAGE = 1_000;

// In the order of the key, so that two instances that add to the same rows cannot deadlock.
const ADD = `insert into refusals (user_id, hour, operation, kind, count)
  select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::bigint[])
    as more(user_id, hour, operation, kind, count)
  order by user_id, hour, operation, kind
  on conflict (user_id, hour, operation, kind) do update set count = refusals.count + excluded.count`;

const FORGET = `with gone as (
    delete from refusals where ctid = any(array(
      select ctid from refusals where hour < $1 limit $2 for update skip locked
    )) returning 1
  )
  select count(*) as count from gone`;

interface Row {
  hour: Date;
  user_id: number;
  operation: string;
  kind: CountedRefusal;
  count: number;
  reference: string | null;
}

export class PostgresRefusalStore implements RefusalStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All or nothing, so that what failed can be tried again. */
  async add(counts: readonly RefusalCount[]): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const inOrder = counts.toSorted((a, b) => a.userId - b.userId);
      for (let at = 0; at < inOrder.length; at += PAGE) {
        const page = inOrder.slice(at, at + PAGE);
        await tx.query(ADD, [
          plainArray(page.map(({ userId }) => userId)),
          plainArray(page.map(({ hour }) => new Date(hour).toISOString())),
          textArray(page.map(({ operation }) => operation)),
          textArray(page.map(({ kind }) => kind)),
          plainArray(page.map(({ count }) => count)),
        ]);
      }
    });
  }

  async list({ after, limit, ...filter }: Parameters<RefusalStore['list']>[0]): Promise<RefusalRow[]> {
    const values: unknown[] = [limit];
    const terms = termsOf(filter, after, (value) => `$${values.push(value)}`);
    const rows = await this.#database.query<Row>(
      `select r.hour, r.user_id, r.operation, r.kind, r.count, (
         select n.reference from user_references n where n.user_id = r.user_id
         order by n.created_at, n.reference limit 1) as reference
       from refusals r ${terms.length > 0 ? `where ${terms.join(' and ')}` : ''}
       order by r.hour desc, r.count desc, r.user_id, r.operation collate "C", r.kind collate "C" limit $1`,
      values,
    );
    return rows.map(({ hour, user_id: userId, reference: user, ...row }) => ({
      ...{ ...row, hour: hour.getTime(), userId, user },
    }));
  }

  async sums(filter: Pick<RefusalFilter, 'from' | 'to'>): Promise<RefusalSum[]> {
    const values: unknown[] = [];
    const terms = termsOf(filter, undefined, (value) => `$${values.push(value)}`);
    return this.#database.query<RefusalSum>(
      `select r.kind, sum(r.count)::bigint as count, count(distinct r.user_id) as users
       from refusals r ${terms.length > 0 ? `where ${terms.join(' and ')}` : ''}
       group by r.kind order by count desc, r.kind collate "C"`,
      values,
    );
  }

  async forget(before: number, limit: number): Promise<number> {
    const rows = await this.#database.query<{ count: number }>(FORGET, [new Date(before), limit]);
    return rows[0]?.count ?? 0;
  }
}

function termsOf(
  { userId, operation, kind, from, to }: RefusalFilter,
  after: RefusalCount | undefined,
  place: (value: unknown) => string,
): string[] {
  const terms: string[] = [];
  if (userId !== undefined) terms.push(`r.user_id = ${place(userId)}`);
  if (operation !== undefined) terms.push(`r.operation = ${place(operation)}`);
  if (kind !== undefined) terms.push(`r.kind = ${place(kind)}`);
  if (from !== undefined) terms.push(`r.hour >= ${place(new Date(from))}`);
  if (to !== undefined) terms.push(`r.hour < ${place(new Date(to))}`);
  if (after) {
    const hour = place(new Date(after.hour));
    // The first term alone lets the index be used; what is written out behind it is the order of the list.
    terms.push(`r.hour <= ${hour}::timestamptz`);
    const key = [after.userId, after.operation, after.kind].map(place);
    const count = place(after.count);
    terms.push(`(r.hour < ${hour} or r.count < ${count}::bigint or (r.count = ${count}
      and (r.user_id, r.operation collate "C", r.kind collate "C") > (${key[0]}::bigint, ${key[1]}::text, ${key[2]}::text)))`);
  }
  return terms;
}
