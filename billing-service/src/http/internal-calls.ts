import { randomBytes } from 'node:crypto';
import type { Caller } from '../domain/keys/api-keyring.js';
import type { Rehearsal } from '../domain/ports/ledger.js';

const SCHEME = 'Internal ';

/** A call from within, and for whom. */
export interface InternalCall {
  caller: Caller;
  /** Where it only asks what it would do. */
  rehearsal?: Rehearsal | undefined;
}

/**
 * How a part of this process (the console) makes a call of the API for an operator whose key it does not have: with a
 * ticket, good for one call and known to nobody outside. It takes the same way as everybody's calls, so it meets the same
 * scopes, rules and refusals.
 */
export class InternalCalls {
  readonly #waiting = new Map<string, InternalCall>();

  /** The value of the header `authorization` of one call. */
  ticketFor(call: InternalCall): string {
    const ticket = SCHEME + randomBytes(32).toString('base64url');
    this.#waiting.set(ticket, call);
    return ticket;
  }

  /** What a ticket stands for; it is void from then on. */
  take(header: string): InternalCall | undefined {
    if (!header.startsWith(SCHEME)) return undefined;
    const call = this.#waiting.get(header);
    this.#waiting.delete(header);
    return call;
  }

  /** Where the call did not get as far as to show its ticket. */
  drop(header: string): void {
    this.#waiting.delete(header);
  }
}
