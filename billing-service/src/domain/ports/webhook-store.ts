import type { Attempt, Delivery, DeliveryStatus, Webhook } from '../webhooks/webhook.js';
import type { Author } from './audit-log.js';

export type WebhookWish = Pick<Webhook, 'url' | 'types' | 'description' | 'enabled'>;

export interface WebhookStore {
  list(): Promise<Webhook[]>;
  find(id: string): Promise<Webhook | null>;
  /** Newest first; null where there is no such endpoint. */
  deliveries(
    id: string,
    wish: { status?: DeliveryStatus | undefined; before?: number | undefined; limit: number },
  ): Promise<Delivery[] | null>;
  by(author: Author): WebhookEditor;
}

/** What one author writes; null where there is no such endpoint, or delivery. */
export interface WebhookEditor {
  /** Null where there are as many as may be. */
  create(wish: WebhookWish): Promise<{ webhook: Webhook; secret: string } | null>;
  replace(id: string, wish: WebhookWish): Promise<Webhook | null>;
  remove(id: string): Promise<boolean>;
  rotateSecret(id: string): Promise<string | null>;
  test(id: string): Promise<Delivery | null>;
  /** All events since then once more; what waits of them takes its place among them. */
  resendSince(id: string, since: number): Promise<boolean>;
  resend(deliveryId: number): Promise<Delivery | null>;
}

/** A delivery whose turn it is. */
export interface Due {
  webhookId: string;
  url: string;
  secrets: string[];
  id: number;
  eventId: string;
  /** The body; null where the event is not kept any more. */
  body: string | null;
}

/** What one attempt came to. */
export interface Tried {
  id: number;
  attempt: Attempt;
  retryAfterMs: number | null;
}

/** The queues of all endpoints, each worked by one instance at a time: what another has taken over is not written. */
export interface DeliveryQueue {
  /** Takes, or keeps, the queues that nobody else works; for 20 s. */
  lease(): Promise<string[]>;
  /** Queues events that are new, a page of them; true: there are more. */
  fill(webhookId: string): Promise<boolean>;
  /** At most `room` of each endpoint. */
  due(rooms: readonly { webhookId: string; room: number; inFlight: number[] }[]): Promise<Due[]>;
  finish(webhookId: string, tried: readonly Tried[]): Promise<void>;
  release(): Promise<void>;
  /** For the figures. */
  state(): Promise<QueueState>;
}

/** How the queues of all endpoints stand. */
export interface QueueState {
  /** Deliveries that wait, as far as they are counted. */
  waiting: number;
  /** Since when the one whose time came first is due; null: none is. */
  dueSince: number | null;
  /** Endpoints whose last attempts all failed. */
  failing: number;
  /** Endpoints that the service has disabled. */
  givenUp: number;
}
