import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import type { WebhookStore } from '../ports/webhook-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import type { Delivery, DeliveryStatus } from './webhook.js';

const cursor = cursorOf<number>('delivery', String, (text) =>
  /^\d{1,15}$/.test(text) ? Number(text) : null,
);

/** Newest first. Refusals: unknown_webhook, invalid (a cursor of another list). */
export async function listDeliveries(
  webhooks: Pick<WebhookStore, 'deliveries'>,
  { id, status, limit, cursor: text }: PageRequest & { id: string; status?: DeliveryStatus | undefined },
): Promise<Result<Page<Delivery>>> {
  const own = cursor.of(id, status);
  const before = keyAfter(own, text);
  if (!before.ok) return before;
  const found = await webhooks.deliveries(id, { status, before: before.value, limit: limit + 1 });
  if (!found) return refuse({ kind: 'unknown_webhook', id });
  return accept(pageOf(found, limit, (delivery) => own.encode(delivery.id)));
}
