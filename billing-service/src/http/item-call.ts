import type { Static, TObject } from 'typebox';
import type { Outcome } from '../domain/account/idempotency.js';
import { decodeReservationId } from '../domain/account/reservation-id.js';
import type { IdempotencyKey } from '../domain/ports/ledger.js';
import type { Result } from '../domain/refusal.js';
import type { Services } from './services.js';

/** One thing that may be asked by itself, or up to a hundred at once: the same body, rules and answer either way. */
export interface ItemCall<Body extends TObject, Value> {
  /** Where it is asked by itself; part of what an idempotency key stands for. */
  url: string;
  body: Body;
  /** Of a success. */
  status: number;
  act(
    services: Services,
    body: Static<Body>,
    key: IdempotencyKey | undefined,
  ): Promise<Outcome<Value> | Result<Value>>;
  toBody(value: Value): unknown;
  /** See RouteConfig. */
  withoutImplied?: (body: Static<Body>) => object;
  /** Whose account it is about: what is asked for one user happens in the order of the items. */
  whose(services: Services, body: Static<Body>): Promise<number | string> | number | string;
}

/** Types a call by its body; at run time the identity. */
export const itemCall = <const Body extends TObject, Value>(
  call: ItemCall<Body, Value>,
): ItemCall<Body, Value> => call;

/** Two references may be one user; one that nobody has yet is a user of its own. */
export async function numberOf(services: Services, reference: string): Promise<number | string> {
  return (await services.users.find(reference))?.userId ?? reference;
}

/** One that we never gave is nobody's, and is refused as such. */
export const ownerOf = (reservationId: string): number | string =>
  decodeReservationId(reservationId)?.userId ?? reservationId;
