/** What one call asks of a hot statement, and what that says of it. Amounts in tokens, times in ms since the epoch. */
import type { Balance } from '../account/balance.js';
import type { PriceList } from '../catalogue/catalogue.js';

/** Hashes (as uuids) of (API key, Idempotency-Key) and of (route, body). */
export interface IdempotencyKey {
  keyHash: string;
  payloadHash: string;
}

export interface ReserveItem {
  userId: number;
  /** The reservation's uuid. */
  id: string;
  reference: string;
  operation: string;
  amount: number;
  createdAt: number;
  expiresAt: number;
  /** JSON text. */
  metadata: string | null;
  /** The user's, as far as this process knows. */
  tier: string;
  model: string | null;
  /** What its receipt is made of; see reservation-receipt.ts. */
  priceVersion: number;
  terms: string | null;
  maxOpenReservations: number | null;
  key: IdempotencyKey | undefined;
  /** What a replay answers with besides the balance, as JSON text; used only with a key. */
  seed: string | null;
}

export type TransitionAct = 'commit' | 'release' | 'extend';

export interface TransitionItem {
  act: TransitionAct;
  userId: number;
  id: string;
  /** As the caller wrote it. */
  reservationId: string;
  /** Commit: null = the whole hold. */
  asked: number | null;
  /** Extend: the wish; the store caps it at 24 h after creation. */
  until: number | null;
  metadata: string | null;
  /** Commit: must be the hold's; null: not said. */
  model: string | null;
  /** Commit: how it came to `asked`; null: as the hold. */
  terms: string | null;
  key: IdempotencyKey | undefined;
}

/** `slow`: nothing was done; the account needs the slow path. */
export type HotReserve =
  | { status: 'slow' }
  | { status: 'held' | 'refused'; balance: Balance; priceList: PriceList };

export type HotTransition =
  | { status: 'slow' }
  | {
      status: 'done';
      reference: string;
      operation: string;
      hold: number;
      /** The hold's. */
      priceVersion: number | null;
      terms: string | null;
      charged: number;
      /** Null but for an extension. */
      expiresAt: number | null;
      balance: Balance;
      /** The one that was stored with the charge; affordable must be computed from it. */
      priceList: PriceList;
    };
