import { TOLD_AHEAD_MS } from '../../../domain/events/event.js';
import type { CatalogueStore } from '../../../domain/ports/catalogue-store.js';
import type { EventKeeper, LimitHit } from '../../../domain/ports/event-keeper.js';
import { plainArray, textArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { insertHappenings } from '../events/happening-rows.js';
import { grantsEnding, tiersEnding } from './what-ends.js';

/** In one order for all, so that instances that write together cannot deadlock. */
const TELL_HITS = `with hit as materialized (
  select * from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[]) as h(user_id, operation, at, data)
  order by user_id, operation
), new as (
  insert into limit_hits (user_id, operation, told_at) select user_id, operation, at from hit
  on conflict (user_id, operation) do update set told_at = excluded.told_at
    where limit_hits.told_at <= excluded.told_at - interval '1 hour'
  returning user_id, operation
)
insert into happenings (type, user_id, at, data)
select 'limit.hit', user_id, at, data from new join hit using (user_id, operation)`;

const MARK = `select through_id as told from marks where reader = 'events-ahead' for update skip locked`;
const MOVE = `update marks set through_id = $1 where reader = 'events-ahead'`;
/** A grant may be written this much later than its own time. */
const WRITTEN_LATE_MS = 10_000;

const DROP = `with old as (select id, told_at from events order by id limit $2),
gone as (delete from events where id in (select id from old where told_at < $1) returning id),
moved as (
  update marks set through_id = greatest(through_id, (select max(id) from gone))
  where reader = 'events-kept' and exists (select from gone)
)
select count(*)::integer as count from gone`;
const DROP_HITS = `delete from limit_hits where ctid = any (array(
  select ctid from limit_hits where told_at < $1 limit $2))`;
/** Those that wait are kept, for one behind them would never come to the head of its line. */
const DROP_DELIVERIES = `delete from deliveries where id in (
  select id from deliveries order by id limit $2) and made_at < $1 and status <> 'waiting'`;
const HOUR_MS = 60 * 60 * 1000;

export class PostgresEventKeeper implements EventKeeper {
  readonly #database: Database;
  readonly #catalogue: Pick<CatalogueStore, 'current'>;

  constructor(database: Database, catalogue: Pick<CatalogueStore, 'current'>) {
    this.#database = database;
    this.#catalogue = catalogue;
  }

  async tellHits(hits: readonly LimitHit[]): Promise<void> {
    // A transaction, for its bound on how long a row is waited for.
    await this.#database.transaction((tx) =>
      tx.query(TELL_HITS, [
        plainArray(hits.map(({ userId }) => userId)),
        textArray(hits.map(({ operation }) => operation)),
        textArray(hits.map(({ at }) => new Date(at).toISOString())),
        textArray(hits.map(dataOf)),
      ]),
    );
  }

  async tellAhead(now: number): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const [mark] = await tx.query<{ told: number }>(MARK);
      const to = now + TOLD_AHEAD_MS - WRITTEN_LATE_MS;
      if (!mark || mark.told >= to) return;
      // What ended while nobody looked is not ahead any more.
      const span = { from: Math.max(mark.told, now), to };
      const ending = [
        ...(await grantsEnding(tx, span)),
        ...(await tiersEnding(tx, span, this.#catalogue.current())),
      ];
      await insertHappenings(
        tx,
        ending.map((one) => ({ ...one, at: now })),
      );
      await tx.query(MOVE, [to]);
    });
  }

  async drop(before: number, limit: number): Promise<boolean> {
    const [dropped] = await this.#database.query<{ count: number }>(DROP, [new Date(before), limit]);
    await this.#database.query(DROP_HITS, [new Date(before + 29 * 24 * HOUR_MS), limit]);
    await this.#database.query(DROP_DELIVERIES, [new Date(before), limit]);
    return dropped?.count === limit;
  }
}

function dataOf({ operation, policy }: LimitHit): string {
  const limit = policy && {
    ...{ limit: policy.limit, windowSeconds: policy.windowSeconds },
    resetAt: new Date(policy.resetAt).toISOString(),
  };
  return JSON.stringify({ data: { operation, limit } });
}
