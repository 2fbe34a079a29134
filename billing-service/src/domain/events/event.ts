import type { Balance } from '../account/balance.js';

export const EVENT_TYPES = [
  'user.created',
  'user.blocked',
  'user.merged',
  'reservation.committed',
  'limit.hit',
  'tokens.low',
  'tokens.exhausted',
  'tokens.granted',
  'grant.expiring',
  'tier.changed',
  'tier.lapsing',
  'payment.applied',
  'payment.refunded',
  'catalogue.changed',
  'webhook.disabled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Something that happened and is not in the ledger: a row of its own, in its own transaction. */
export interface Happening {
  type: EventType;
  userId: number | null;
  /** ms since the epoch. */
  at: number;
  /** What the event's data has besides what that of every user's event has. */
  data: Record<string, unknown>;
  /** The user's at that moment, where whoever wrote it knew; else it is looked up when it is told. */
  balance?: Balance | undefined;
}

/** Made and not numbered yet. */
export interface NewEvent {
  type: EventType;
  userId: number | null;
  at: number;
  data: Record<string, unknown>;
}

/** As it was told first; `data` is JSON text. */
export interface StoredEvent {
  /** Its place in the feed. */
  position: number;
  type: string;
  at: number;
  sequence: number | null;
  data: string;
}

/** What feed and webhooks name an event by. */
export const eventId = (position: number): string => `evt_${position}`;

/** How long events, and what became of them, are kept. */
export const EVENTS_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** How long before a grant or paid time ends it is told. */
export const TOLD_AHEAD_MS = 3 * 24 * 60 * 60 * 1000;
