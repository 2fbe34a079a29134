/**
 * What went wrong with a call. `code` is the service's stable word (`insufficient-tokens`), or `unreachable` / `timeout`
 * where no answer came (status 0). `retryable`: the same call may succeed a little later without anything changed.
 */
export class BillingError extends Error {
  override readonly name = 'BillingError';

  constructor(
    readonly code: string,
    readonly status: number,
    readonly retryable: boolean,
    readonly requestId: string | undefined,
    detail: string,
    /** The other fields of the answer: `deficit`, `limit`, … */
    readonly fields: Readonly<Record<string, unknown>> = {},
    readonly retryAfterMs?: number,
  ) {
    super(detail);
  }

  /** The service has said no, and the call did nothing. Anything else leaves open whether it was done. */
  get refused(): boolean {
    return this.status >= 400 && this.status < 500 && !this.retryable && this.code !== codeOf(this.status);
  }

  /** No time changes this answer. A key that is not let in, or an address that is none, is an operator's to put right. */
  get final(): boolean {
    return this.refused && ![401, 403].includes(this.status) && this.code !== 'not-found';
  }

  /** A number the answer carries, 0 where it does not. */
  figure(name: string): number {
    const value = this.fields[name];
    return typeof value === 'number' ? value : 0;
  }
}

/** Of an answer that is not the service's own, a proxy's perhaps. */
export const codeOf = (status: number) => `http-${status}`;
