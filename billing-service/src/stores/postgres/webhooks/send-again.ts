/** What an operator has sent again, or for the first time. Each under the endpoint's lock. */
import { eq } from 'drizzle-orm';
import type { Delivery } from '../../../domain/webhooks/webhook.js';
import type { Queryable } from '../driver/database.js';
import { deliveries } from '../schema/schema.js';
import { deliveryOf, lockWebhook, nameHeads, TEST_LINE } from './delivery-rows.js';

type NewDelivery = Omit<typeof deliveries.$inferInsert, 'head' | 'nextAt' | 'madeAt'>;

/** At the end of its line, and at once where it is the only one. */
async function queue(tx: Queryable, delivery: NewDelivery, now: number): Promise<Delivery> {
  const at = { nextAt: new Date(now), madeAt: new Date(now) };
  const [made] = await tx.drizzle
    .insert(deliveries)
    .values({ ...delivery, ...at, head: false })
    .returning({ id: deliveries.id });
  await nameHeads(tx, delivery.webhookId, [delivery.line]);
  const [row] = await tx.drizzle
    .select()
    .from(deliveries)
    .where(eq(deliveries.id, made?.id ?? 0));
  if (!row) throw new Error('a delivery was not written');
  return deliveryOf(row);
}

export function sendTest(tx: Queryable, webhookId: string, now: number): Promise<Delivery> {
  const type = 'webhook.test';
  const body = JSON.stringify({ type, timestamp: new Date(now).toISOString(), data: { webhookId } });
  return queue(tx, { webhookId, eventId: null, type, body, line: TEST_LINE }, now);
}

/** One that waits is tried now; of one that has ended another is made. Null where there is none. */
export async function sendAgain(tx: Queryable, id: number, now: number): Promise<Delivery | null> {
  const [found] = await tx.drizzle.select().from(deliveries).where(eq(deliveries.id, id));
  if (!found || !(await lockWebhook(tx, found.webhookId))) return null;
  const [row] = await tx.drizzle.select().from(deliveries).where(eq(deliveries.id, id));
  if (!row) return null;
  if (row.status !== 'waiting') {
    const { webhookId, eventId, type, body, line } = row;
    return queue(tx, { webhookId, eventId, type, body, line }, now);
  }
  await tx.drizzle
    .update(deliveries)
    .set({ nextAt: new Date(now) })
    .where(eq(deliveries.id, id));
  return deliveryOf({ ...row, nextAt: new Date(now) });
}

/** The endpoint's place goes back to before that moment; what waits from there on comes again in its turn. */
export async function rewind(tx: Queryable, webhookId: string, since: number): Promise<void> {
  const through = await lastBefore(tx, since);
  await tx.query(`delete from deliveries where webhook_id = $1 and status = 'waiting' and event_id > $2`, [
    webhookId,
    through,
  ]);
  await nameHeads(tx, webhookId, null);
  await tx.query('update webhooks set queued_through = least(queued_through, $2) where id = $1', [
    webhookId,
    through,
  ]);
}

/** Events are told in the order of their numbers, so the number is found by halves, without an index of times. */
async function lastBefore(tx: Pick<Queryable, 'query'>, since: number): Promise<number> {
  const [ends] = await tx.query<{ first: number; last: number }>(
    'select coalesce(min(id), 1) as first, coalesce(max(id), 0) as last from events',
  );
  let [low, high] = [(ends?.first ?? 1) - 1, ends?.last ?? 0];
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    const [at] = await tx.query<{ toldAt: Date }>(
      'select told_at as "toldAt" from events where id <= $1 order by id desc limit 1',
      [middle],
    );
    if (at && at.toldAt.getTime() < since) low = middle;
    else high = middle - 1;
  }
  return low;
}
