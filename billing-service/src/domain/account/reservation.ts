import type { Part } from './account.js';

export type ReservationStatus = 'open' | 'committed' | 'refunded' | 'expired';

/** Tokens held for one operation. Amounts in tokens, times in ms since the epoch. */
export interface Reservation {
  userId: number;
  id: string;
  /** The user as reserve named it. */
  reference: string;
  operation: string;
  /** The hold. */
  amount: number;
  status: ReservationStatus;
  createdAt: number;
  expiresAt: number;
  settledAt: number | null;
  /** What commit asked for; charged + uncollected. Null before a commit. */
  asked: number | null;
  charged: number;
  refundedTotal: number;
  late: boolean;
  /** The grant, if a single one paid the whole charge. */
  grantId: number | null;
  /** Otherwise: which grant paid how much. */
  parts: Part[] | null;
  commitAvailable: number | null;
  commitReserved: number | null;
  commitPriceList: number | null;
  /** JSON text. */
  metadata: string | null;
  /** The user's at reserve; null for holds from before that was kept. */
  tier: string | null;
  /** As reserve named it, or `other` where it came after too many. */
  model: string | null;
  /** See reservation-receipt.ts. */
  priceVersion: number | null;
  terms: string | null;
  commitTerms: string | null;
  /** Made by a user who was merged into this one; what is added to the grants' numbers that its row has. */
  former: { grantOffset: number } | null;
}

/** Which grants paid the charge, in order. */
export const partsOf = (r: Reservation): Part[] => r.parts ?? (r.charged > 0 ? [[r.grantId, r.charged]] : []);
