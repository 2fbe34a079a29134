import type { Clock } from '../../../domain/ports/clock.js';
import type { DeliveryQueue, Due, QueueState, Tried } from '../../../domain/ports/webhook-store.js';
import { textArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { LAST_EVENT, lockWebhook, publicEventId } from './delivery-rows.js';
import { recordTries } from './record-tries.js';

const LEASE = `update webhooks set lease_owner = $1, lease_until = now() + interval '20 seconds' where id in (
  select id from webhooks where lease_owner = $1 or lease_until is null or lease_until < now() for update skip locked
) returning id`;
const RELEASE = 'update webhooks set lease_owner = null, lease_until = null where lease_owner = $1';

const PAGE = 500;
/** Beyond it events wait in the feed for their turn to be queued. */
const MAX_WAITING = 100_000;
const IS_FULL = `select count(*) >= $2 as full from (
  select from deliveries where webhook_id = $1 and status = 'waiting' limit $2) w`;

const FILL = `insert into deliveries (webhook_id, event_id, type, line, next_at, made_at, head)
select $1, e.id, e.type, coalesce(e.user_id, 0), $4, $4,
  row_number() over (partition by coalesce(e.user_id, 0) order by e.id) = 1 and not exists (
    select from deliveries d where d.webhook_id = $1 and d.line = coalesce(e.user_id, 0) and d.status = 'waiting'
  )
from events e where e.id > $2 and e.id <= $3 and e.data <> '' and ($5::text[] is null or e.type = any ($5)) order by e.id`;

const DUE = `select d.id, d.webhook_id as "webhookId", w.url, d.event_id as "eventId", d.type, d.body, e.at, e.data,
  array(
    select secret from webhook_secrets s
    where s.webhook_id = w.id and (s.retires_at is null or s.retires_at > $4) order by s.id desc
  ) as secrets
from unnest($1::text[], $2::integer[]) as r(webhook_id, room)
join webhooks w on w.id = r.webhook_id and w.lease_owner = $5
cross join lateral (
  select * from deliveries where webhook_id = r.webhook_id and status = 'waiting' and head and next_at <= $4
    and not (id = any ($3::bigint[]))
  order by next_at, id limit r.room
) d
left join events e on e.id = d.event_id`;

/** Ordered as an index of what waits has it, so that what was sent long ago is not read. */
const STATE = `select
  (select count(*)::integer from (
    select from deliveries where status = 'waiting' order by webhook_id, line, id limit ${MAX_WAITING}) w) as waiting,
  (select min(first.next_at) from webhooks w cross join lateral (
    select next_at from deliveries where webhook_id = w.id and status = 'waiting' and head order by next_at limit 1
  ) first where first.next_at <= $1) as "dueSince",
  (select count(*)::integer from webhooks where enabled and failing_since is not null) as failing,
  (select count(*)::integer from webhooks where disabled_for is not null) as "givenUp"`;

type QueueRow = Omit<QueueState, 'dueSince'> & { dueSince: Date | null };

interface DueRow extends Omit<Due, 'eventId' | 'body'> {
  eventId: number | null;
  type: string;
  body: string | null;
  at: Date | null;
  data: string | null;
}

export class PostgresDeliveryQueue implements DeliveryQueue {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #owner: string;

  /** `owner`: another for each instance, and each start. */
  constructor(database: Database, clock: Clock, owner: string) {
    this.#database = database;
    this.#clock = clock;
    this.#owner = owner;
  }

  async lease(): Promise<string[]> {
    return (await this.#database.query<{ id: string }>(LEASE, [this.#owner])).map(({ id }) => id);
  }

  async release(): Promise<void> {
    await this.#database.query(RELEASE, [this.#owner]);
  }

  async fill(webhookId: string): Promise<boolean> {
    const [behind] = await this.#database.query(
      `select from webhooks where id = $1 and queued_through < ${LAST_EVENT}`,
      [webhookId],
    );
    if (!behind) return false;
    return this.#database.transaction(async (tx) => {
      const webhook = await lockWebhook(tx, webhookId, this.#owner);
      const [end] = await tx.query<{ last: number }>(`select ${LAST_EVENT} as last`);
      if (!webhook || !end) return false;
      const [queue] = await tx.query<{ full: boolean }>(IS_FULL, [webhookId, MAX_WAITING]);
      if (webhook.enabled && queue?.full) return false;
      const through = webhook.enabled ? Math.min(end.last, webhook.queuedThrough + PAGE) : end.last;
      if (webhook.enabled) {
        const types = webhook.types && textArray(webhook.types);
        const now = new Date(this.#clock.now());
        await tx.query(FILL, [webhookId, webhook.queuedThrough, through, now, types]);
      }
      await tx.query('update webhooks set queued_through = $2 where id = $1', [webhookId, through]);
      return through < end.last;
    });
  }

  async due(rooms: Parameters<DeliveryQueue['due']>[0]): Promise<Due[]> {
    const rows = await this.#database.query<DueRow>(DUE, [
      textArray(rooms.map(({ webhookId }) => webhookId)),
      `{${rooms.map(({ room }) => room)}}`,
      `{${rooms.flatMap(({ inFlight }) => inFlight)}}`,
      new Date(this.#clock.now()),
      this.#owner,
    ]);
    return rows.map(({ id, webhookId, url, secrets, ...row }) => ({
      ...{ id, webhookId, url, secrets, eventId: publicEventId({ id, eventId: row.eventId }) },
      body: bodyOf(row),
    }));
  }

  finish(webhookId: string, tried: readonly Tried[]): Promise<void> {
    return this.#database.transaction(async (tx) => {
      const webhook = await lockWebhook(tx, webhookId, this.#owner);
      if (webhook) await recordTries(tx, webhook, tried, this.#clock.now());
    });
  }

  async state(): Promise<QueueState> {
    const [row] = await this.#database.query<QueueRow>(STATE, [new Date(this.#clock.now())]);
    const { waiting = 0, dueSince = null, failing = 0, givenUp = 0 } = row ?? {};
    return { waiting, dueSince: dueSince?.getTime() ?? null, failing, givenUp };
  }
}

/** Exactly `{type, timestamp, data}`, the data byte for byte as it was told. */
function bodyOf({ body, type, at, data }: Pick<DueRow, 'body' | 'type' | 'at' | 'data'>): string | null {
  // Not kept any more, or of a user who was erased.
  if (body !== null || at === null || !data) return body;
  return `{"type":${JSON.stringify(type)},"timestamp":"${at.toISOString()}","data":${data}}`;
}
