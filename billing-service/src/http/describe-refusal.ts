import type { Refusal } from '../domain/refusal.js';
import { limitBody } from './limit-body.js';

export interface Description {
  detail: string;
  /** Members of the problem besides the usual ones. */
  extras?: Record<string, unknown>;
}

type Describe = { [K in Refusal['kind']]: (refusal: Extract<Refusal, { kind: K }>) => Description };

/** A refusal in words, for a caller who knows the API but not what is behind it. */
const describe: Describe = {
  unknown_user: ({ user }) => ({ detail: `There is no user ${user}.` }),
  unknown_operation: ({ operation }) => ({ detail: `There is no operation ${operation}.` }),
  unknown_tier: ({ tier }) => ({ detail: `There is no tier ${tier}.` }),
  unknown_pack: ({ pack }) => ({ detail: `There is no pack ${pack}.` }),
  unknown_reservation: ({ reservationId }) => ({ detail: `There is no reservation ${reservationId}.` }),
  unknown_payment: ({ provider, paymentId }) => ({
    detail: `There is no payment ${paymentId} of ${provider}.`,
  }),
  unknown_api_key: ({ id }) => ({ detail: `There is no API key ${id}.` }),
  unknown_webhook: ({ id }) => ({ detail: `There is no endpoint ${id}.` }),
  unknown_delivery: ({ id }) => ({ detail: `There is no delivery ${id}.` }),
  unknown_code: () => ({ detail: 'There is no such code. Ten wrong ones an hour, and none is looked at.' }),
  code_used: ({ byUser }) => ({
    detail: byUser ? 'This user has had this code as often as they may.' : 'All uses of this code are gone.',
    extras: { byUser },
  }),
  code_expired: () => ({ detail: 'This code could be redeemed until a moment that is over.' }),
  user_blocked: ({ reason }) => ({ detail: 'An operator has blocked this user.', extras: { reason } }),
  invalid: ({ errors }) => ({
    detail: errors.map((error) => `${error.field} ${error.message}`).join('; '),
    extras: { errors },
  }),
  idempotency_key_reused: () => ({
    detail: 'The first request with this Idempotency-Key had another route or body. Use a new key.',
  }),
  precondition_failed: () => ({ detail: 'It is not as the request’s conditions say. Read it again.' }),
  cursor_expired: () => ({
    detail:
      'Events are kept for 30 days, and some after this cursor are gone. Go on without `after`, from the oldest kept.',
  }),
  reservation_settled: ({ status }) => ({ detail: `The reservation is ${status}.` }),
  reservation_expired: () => ({ detail: 'The reservation expired, and nothing of it can be charged now.' }),
  refund_exceeds_commit: ({ refundable }) => ({ detail: `At most ${refundable} can be refunded.` }),
  refund_exceeds_payment: ({ refundable }) => ({
    detail: `Of what the payment gave, at most ${refundable} tokens can still be refunded.`,
    extras: { refundable },
  }),
  unknown_reference: ({ reference }) => ({ detail: `The user has no reference ${reference}.` }),
  last_reference: ({ reference }) => ({ detail: `${reference} is the only reference of the user.` }),
  reference_taken: ({ reference }) => ({ detail: `${reference} belongs to another user.` }),
  too_many_references: ({ max }) => ({
    detail: `A user may have ${max} references, and this one has so many.`,
    extras: { max },
  }),
  open_reservations: ({ open }) => ({
    detail: `The user has ${open} open reservations. Commit or refund them first, or wait until they end.`,
    extras: { open },
  }),
  balance_left: ({ left }) => ({
    detail: `The user has ${left} tokens left. Send forfeit=true if they are to be lost.`,
    extras: { left },
  }),
  catalogue_full: ({ section, max }) => ({
    detail: `There may be ${max} ${section}, and there are so many. Change one of them instead.`,
    extras: { max },
  }),
  payment_mismatch: () => ({
    detail: 'A payment with this provider and paymentId is recorded with another user, product or price.',
  }),
  insufficient_tokens: ({ cost, available }) => ({
    detail: `This costs ${cost}; ${available} are available.`,
    extras: { cost, available, deficit: cost - available },
  }),
  too_many_open_reservations: ({ maxOpenReservations }) => ({
    detail: `The user may have ${maxOpenReservations} reservations open at a time.`,
  }),
  rate_limited: ({ limit }) => ({
    detail: `Try again in ${limit.retryAfter} s.`,
    extras: { limit: limitBody(limit) },
  }),
};

export function describeRefusal(refusal: Refusal): Description {
  return (describe[refusal.kind] as (refusal: Refusal) => Description)(refusal);
}
