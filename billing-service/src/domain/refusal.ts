import type { LimitDecision } from './ports/limit-store.js';

/** What may not be done, as a value. A failure (a store away, a bug) throws instead. */
export type Refusal =
  | { kind: 'unknown_user'; user: string }
  | { kind: 'unknown_operation'; operation: string }
  | { kind: 'unknown_tier'; tier: string }
  | { kind: 'unknown_pack'; pack: string }
  | { kind: 'unknown_reservation'; reservationId: string }
  | { kind: 'unknown_payment'; provider: string; paymentId: string }
  | { kind: 'unknown_api_key'; id: string }
  | { kind: 'unknown_webhook'; id: string }
  | { kind: 'unknown_delivery'; id: string }
  | { kind: 'unknown_code' }
  | { kind: 'code_used'; byUser: boolean }
  | { kind: 'code_expired' }
  | { kind: 'user_blocked'; reason: string }
  | { kind: 'invalid'; errors: { field: string; message: string }[] }
  | { kind: 'idempotency_key_reused' }
  | { kind: 'precondition_failed' }
  | { kind: 'cursor_expired' }
  | { kind: 'reservation_settled'; status: string }
  | { kind: 'reservation_expired' }
  | { kind: 'refund_exceeds_commit'; refundable: number }
  | { kind: 'refund_exceeds_payment'; refundable: number }
  | { kind: 'reference_taken'; reference: string }
  | { kind: 'unknown_reference'; reference: string }
  | { kind: 'last_reference'; reference: string }
  | { kind: 'too_many_references'; max: number }
  | { kind: 'open_reservations'; open: number }
  | { kind: 'balance_left'; left: number }
  | { kind: 'catalogue_full'; section: 'tiers' | 'operations' | 'packs' | 'webhooks'; max: number }
  | { kind: 'payment_mismatch' }
  | { kind: 'insufficient_tokens'; cost: number; available: number }
  | { kind: 'too_many_open_reservations'; maxOpenReservations: number }
  | { kind: 'rate_limited'; limit: LimitDecision };

export type Refused = { ok: false; refusal: Refusal };
export type Result<T> = { ok: true; value: T } | Refused;

export const accept = <T>(value: T): Result<T> => ({ ok: true, value });
export const refuse = (refusal: Refusal): Refused => ({ ok: false, refusal });
