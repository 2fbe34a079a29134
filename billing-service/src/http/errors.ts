/** The one table of what can go wrong: code → status and title, and which of the domain's refusals it stands for. */
import type { Refusal } from '../domain/refusal.js';

interface ErrorKind {
  status: number;
  title: string;
  refusal?: Refusal['kind'];
}

const table = {
  'invalid-request': { status: 400, title: 'The request is malformed', refusal: 'invalid' },
  'idempotency-key-required': { status: 400, title: 'This call needs an Idempotency-Key header' },
  unauthorized: { status: 401, title: 'No valid API key' },
  'insufficient-tokens': { status: 402, title: 'Not enough tokens', refusal: 'insufficient_tokens' },
  'insufficient-scope': { status: 403, title: 'The API key lacks the scope for this call' },
  'user-blocked': { status: 403, title: 'The user is blocked', refusal: 'user_blocked' },
  'not-found': { status: 404, title: 'No such path' },
  'unknown-user': { status: 404, title: 'No such user', refusal: 'unknown_user' },
  'unknown-operation': { status: 404, title: 'No such operation', refusal: 'unknown_operation' },
  'unknown-tier': { status: 404, title: 'No such tier', refusal: 'unknown_tier' },
  'unknown-pack': { status: 404, title: 'No such pack', refusal: 'unknown_pack' },
  'unknown-reservation': { status: 404, title: 'No such reservation', refusal: 'unknown_reservation' },
  'unknown-payment': { status: 404, title: 'No such payment', refusal: 'unknown_payment' },
  'unknown-api-key': { status: 404, title: 'No such API key', refusal: 'unknown_api_key' },
  'unknown-webhook': { status: 404, title: 'No such endpoint', refusal: 'unknown_webhook' },
  'unknown-delivery': { status: 404, title: 'No such delivery', refusal: 'unknown_delivery' },
  'unknown-code': { status: 404, title: 'No such promo code', refusal: 'unknown_code' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'reservation-settled': {
    status: 409,
    title: 'The reservation is settled already',
    refusal: 'reservation_settled',
  },
  'refund-exceeds-commit': {
    status: 409,
    title: 'More than was charged cannot be refunded',
    refusal: 'refund_exceeds_commit',
  },
  'refund-exceeds-payment': {
    status: 409,
    title: 'More than the payment gave cannot be refunded',
    refusal: 'refund_exceeds_payment',
  },
  'reference-taken': { status: 409, title: 'Another user has this reference', refusal: 'reference_taken' },
  'unknown-reference': { status: 404, title: 'The user has no such reference', refusal: 'unknown_reference' },
  'last-reference': { status: 409, title: 'A user keeps one reference', refusal: 'last_reference' },
  'too-many-references': {
    status: 409,
    title: 'The user has too many references',
    refusal: 'too_many_references',
  },
  'open-reservations': {
    status: 409,
    title: 'The user has open reservations',
    refusal: 'open_reservations',
  },
  'balance-left': { status: 409, title: 'The user has tokens left', refusal: 'balance_left' },
  'catalogue-full': {
    status: 409,
    title: 'The catalogue has no room for another of these',
    refusal: 'catalogue_full',
  },
  'payment-mismatch': {
    status: 409,
    title: 'This payment was recorded with other content',
    refusal: 'payment_mismatch',
  },
  'code-used': { status: 409, title: 'The promo code has been used', refusal: 'code_used' },
  'reservation-expired': {
    status: 410,
    title: 'The reservation has expired',
    refusal: 'reservation_expired',
  },
  'code-expired': { status: 410, title: 'The promo code has expired', refusal: 'code_expired' },
  'cursor-expired': {
    status: 410,
    title: 'What comes after the cursor is not kept any more',
    refusal: 'cursor_expired',
  },
  'precondition-failed': {
    status: 412,
    title: 'It was changed in the meantime',
    refusal: 'precondition_failed',
  },
  'payload-too-large': { status: 413, title: 'The body is larger than the call takes' },
  'unsupported-media-type': { status: 415, title: 'This type of body is not understood' },
  'expectation-failed': { status: 417, title: 'The service does not do what Expect asks' },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key was used for another request',
    refusal: 'idempotency_key_reused',
  },
  'rate-limited': { status: 429, title: 'The user is over a rate limit', refusal: 'rate_limited' },
  'too-many-open-reservations': {
    status: 429,
    title: 'The user has too many open reservations',
    refusal: 'too_many_open_reservations',
  },
  'too-many-requests': { status: 429, title: 'Too many requests to this service' },
  'headers-too-large': { status: 431, title: 'The request headers are too large' },
  'internal-error': { status: 500, title: 'Something went wrong in the service' },
  unavailable: { status: 503, title: 'The service cannot answer right now' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof table;

export const ERRORS: Readonly<Record<ErrorCode, ErrorKind>> = table;
export const ERROR_CODES = Object.keys(table) as ErrorCode[];

const CODE_OF = new Map(
  ERROR_CODES.flatMap((code) => (ERRORS[code].refusal ? [[ERRORS[code].refusal, code] as const] : [])),
);

export function codeOf(kind: Refusal['kind']): ErrorCode {
  // Every kind has its line in the table: a test walks them.
  return CODE_OF.get(kind) as ErrorCode;
}
