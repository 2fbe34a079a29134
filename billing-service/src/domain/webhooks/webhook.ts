import { randomBytes } from 'node:crypto';

/** Times in ms since the epoch. */
export interface Webhook {
  id: string;
  url: string;
  /** Null: all. */
  types: string[] | null;
  description: string | null;
  enabled: boolean;
  /** Why the service gave it up: it answered 410, or nothing but failures for five days. */
  disabledFor: 'gone' | 'failing' | null;
  failingSince: number | null;
  createdAt: number;
}

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface Attempt {
  /** ms since the epoch. */
  at: number;
  /** The answer's; null where there was none. */
  status: number | null;
  ms: number;
  /** The first KB of the answer, or why there was none. */
  body: string;
}

export interface Delivery {
  id: number;
  eventId: string;
  type: string;
  status: DeliveryStatus;
  attempts: Attempt[];
  /** When it is tried next, where it waits and is the first of its user's. */
  nextAt: number | null;
}

/** How many there may be: each is asked about twice a second. */
export const MAX_WEBHOOKS = 100;
/** Both secrets sign for so long after one took the other's place. */
export const SECRETS_OVERLAP_MS = 24 * 60 * 60 * 1000;

export const newWebhookId = (): string => `whk_${randomBytes(12).toString('hex')}`;
/** As Standard Webhooks write one: the prefix, and the key in base64. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
