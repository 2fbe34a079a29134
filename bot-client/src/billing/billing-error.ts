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

  /** A number the answer carries, 0 where it does not. */
  figure(name: string): number {
    const value = this.fields[name];
    return typeof value === 'number' ? value : 0;
  }
}
