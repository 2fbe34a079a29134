import { Pool } from 'undici';
import { Backoff } from '../../../common/src/backoff.js';
import { BillingError, codeOf } from './billing-error.js';

export interface BillingHttpOptions {
  url: string;
  apiKey: string;
  /** For one try; the whole call takes at most `attempts` of them and the pauses between. */
  deadlineMs?: number;
  attempts?: number;
  /** Told after each try: `ok`, or the code of the error. */
  onTry?: (outcome: string) => void;
  /** Told of each try; what it gives goes along, and is told of the end. */
  startCall?: (
    method: string,
    path: string,
  ) => { traceparent: string; end(failed: boolean): void } | undefined;
  /** For tests: 0 … 1. */
  random?: () => number;
}
export interface CallOptions {
  body?: object;
  idempotencyKey?: string;
  attempts?: number;
}

const RETRIES = { firstMs: 200, longestMs: 2_000, attempts: 4 };

/** One HTTP call with its deadline and its retries. The idempotency key belongs to the call, not to the try. */
export class BillingHttp {
  readonly #options: BillingHttpOptions;
  readonly #pool: Pool;
  readonly #prefix: string;
  #closed = false;

  constructor(options: BillingHttpOptions) {
    this.#options = options;
    const url = new URL(options.url);
    this.#pool = new Pool(url.origin, {
      connections: 64,
      keepAliveTimeout: 30_000,
      connect: { timeout: 2_000 },
    });
    this.#prefix = url.pathname.replace(/\/$/, '');
  }

  async call<T>(method: 'GET' | 'POST' | 'PUT', path: string, options: CallOptions = {}): Promise<T> {
    const attempts = options.attempts ?? this.#options.attempts ?? RETRIES.attempts;
    const backoff = new Backoff({ ...RETRIES, attempts }, this.#options.random);
    // Without a key, a POST whose answer was lost must not be sent again.
    const safe = method !== 'POST' || options.idempotencyKey !== undefined;
    for (;;) {
      const traced = this.#options.startCall?.(method, path);
      try {
        const answer = await this.#attempt<T>(method, path, options, traced?.traceparent);
        this.#options.onTry?.('ok');
        traced?.end(false);
        return answer;
      } catch (error) {
        traced?.end(true);
        this.#options.onTry?.(error instanceof BillingError ? error.code : 'unexpected');
        if (!(error instanceof BillingError) || !error.retryable || !safe || this.#closed) throw error;
        // A caller who waits cannot wait for long, whatever the service asks for.
        if (!(await backoff.wait(Math.min(error.retryAfterMs ?? 0, RETRIES.longestMs)))) throw error;
      }
    }
  }

  /** Resolves when what is under way has been answered; nothing is sent again. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#pool.close();
  }

  async #attempt<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    options: CallOptions,
    traceparent: string | undefined,
  ): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#options.apiKey}` };
    if (traceparent !== undefined) headers.traceparent = traceparent;
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
    const deadlineMs = this.#options.deadlineMs ?? 3_000;
    try {
      const response = await this.#pool.request({
        method,
        path: this.#prefix + path,
        headers,
        body: options.body === undefined ? null : JSON.stringify(options.body),
        signal: AbortSignal.timeout(deadlineMs),
      });
      const text = await response.body.text();
      if (response.statusCode < 300) return (text === '' ? undefined : JSON.parse(text)) as T;
      throw refused(response.statusCode, response.headers, text);
    } catch (error) {
      if (error instanceof BillingError) throw error;
      const timedOut = (error as Error).name === 'TimeoutError';
      const why = timedOut ? `no answer within ${deadlineMs} ms` : (error as Error).message;
      throw new BillingError(
        timedOut ? 'timeout' : 'unreachable',
        0,
        true,
        undefined,
        `${method} ${path}: ${why}`,
      );
    }
  }
}

/**
 * Whether the same call may succeed a little later: after a failure at the other end or on the way, and where the service
 * guards itself. Any other 429 is a decision about the user, not about the call.
 */
function isNotNow(status: number, code: string): boolean {
  return status >= 500 || status === 408 || code === 'too-many-requests';
}

function refused(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  text: string,
): BillingError {
  let problem: Record<string, unknown> = {};
  try {
    problem = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A proxy's HTML page: the status has to do.
  }
  const word = (name: string) => (typeof problem[name] === 'string' ? (problem[name] as string) : undefined);
  const code = word('code') ?? codeOf(status);
  const requestId = word('requestId') ?? (headers['x-request-id'] as string | undefined);
  const retryAfter = Number(headers['retry-after']);
  return new BillingError(
    code,
    status,
    isNotNow(status, code),
    requestId,
    word('detail') ?? word('title') ?? `the service answered ${status}`,
    problem,
    Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
  );
}
