import { eventId } from '../../../domain/events/event.js';
import type { Attempt, Delivery, DeliveryStatus, Webhook } from '../../../domain/webhooks/webhook.js';
import type { Queryable } from '../driver/database.js';
import type { deliveries, webhooks } from '../schema/schema.js';

type Tx = Pick<Queryable, 'query'>;
type WebhookRow = typeof webhooks.$inferSelect;

export const webhookOf = (row: WebhookRow): Webhook => ({
  ...{ id: row.id, url: row.url, types: row.types, description: row.description, enabled: row.enabled },
  disabledFor: row.disabledFor as Webhook['disabledFor'],
  failingSince: row.failingSince?.getTime() ?? null,
  createdAt: row.createdAt.getTime(),
});

/** Tests have a line of their own, so that they wait for nobody. */
export const TEST_LINE = -1;

export const publicEventId = ({ id, eventId: event }: { id: number; eventId: number | null }): string =>
  event === null ? `evt_test_${id}` : eventId(event);

export const deliveryOf = (row: typeof deliveries.$inferSelect): Delivery => ({
  ...{ id: row.id, eventId: publicEventId(row), type: row.type, status: row.status as DeliveryStatus },
  attempts: JSON.parse(row.attempts) as Attempt[],
  nextAt: row.status === 'waiting' && row.head ? row.nextAt.getTime() : null,
});

export const LAST_EVENT = 'coalesce((select id from events order by id desc limit 1), 0)';

/** The endpoint's row, locked: who writes to its queue does so first. Null where there is none. */
export async function lockWebhook(tx: Tx, id: string, owner?: string): Promise<WebhookRow | null> {
  const [row] = await tx.query<WebhookRow>(
    `select id, url, types, description, enabled, disabled_for as "disabledFor", created_at as "createdAt",
       queued_through as "queuedThrough", failing_since as "failingSince", lease_owner as "leaseOwner",
       lease_until as "leaseUntil"
     from webhooks where id = $1 and ($2::text is null or lease_owner = $2) for update`,
    [id, owner ?? null],
  );
  return row ?? null;
}

/** What waits, but for tests, is not sent any more. */
export const skipWaiting = (tx: Tx, id: string): Promise<unknown> =>
  tx.query(
    `update deliveries set status = 'skipped', head = false where webhook_id = $1 and status = 'waiting' and line >= 0`,
    [id],
  );

/** The first that waits of each line (null: of all) is its head. */
export const nameHeads = (tx: Tx, id: string, lines: readonly number[] | null): Promise<unknown> =>
  tx.query(
    `update deliveries d set head = true from (
       select min(id) as id from deliveries
       where webhook_id = $1 and status = 'waiting' and ($2::bigint[] is null or line = any ($2)) group by line
     ) first where d.id = first.id and not d.head`,
    [id, lines && `{${lines}}`],
  );
