import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { Backoff } from '../../../common/src/backoff.js';
import { BillingError } from './billing-error.js';
import { queryOf } from './query-of.js';
import { refused, unreachable } from './read-problem.js';

export interface BillingHttpOptions {
  url: string;
  apiKey: string;
  /** For one try; the whole call takes at most `attempts` of them and the pauses between. */
  deadlineMs?: number;
  attempts?: number;
  /** Sent with every call. */
  headers?: Readonly<Record<string, string>>;
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
  /** For one try of this call. */
  deadlineMs?: number;
  /** What is undefined is left out. */
  query?: object;
  headers?: Readonly<Record<string, string>>;
  /** Gives the call up; it may have been carried out. */
  signal?: AbortSignal;
}
export type StreamOptions = Pick<CallOptions, 'query' | 'headers'> & { body?: Readable };
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface HttpAnswer {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  /** As it came. */
  text: string;
}

/** Until a long answer begins, and between two pieces of it. */
const STREAM_PATIENCE_MS = 60_000;
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

  async call<T>(method: HttpMethod, path: string, options: CallOptions = {}): Promise<T> {
    const { text } = await this.send(method, path, options);
    try {
      return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch (error) {
      throw unreachable(method, path, error as Error);
    }
  }

  /** `call`, with all of the answer. */
  async send(method: HttpMethod, path: string, options: CallOptions = {}): Promise<HttpAnswer> {
    const attempts = options.attempts ?? this.#options.attempts ?? RETRIES.attempts;
    const backoff = new Backoff({ ...RETRIES, attempts }, this.#options.random);
    // Without a key, a POST whose answer was lost must not be sent again.
    const safe = method !== 'POST' || options.idempotencyKey !== undefined;
    for (;;) {
      const traced = this.#options.startCall?.(method, path);
      try {
        const answer = await this.#attempt(method, path, options, traced?.traceparent);
        this.#options.onTry?.('ok');
        traced?.end(false);
        return answer;
      } catch (error) {
        traced?.end(true);
        this.#options.onTry?.(error instanceof BillingError ? error.code : 'unexpected');
        if (!(error instanceof BillingError) || !error.retryable || !safe || this.#isOver(options))
          throw error;
        // A caller who waits cannot wait for long, whatever the service asks for.
        if (!(await backoff.wait(Math.min(error.retryAfterMs ?? 0, RETRIES.longestMs)))) throw error;
      }
    }
  }

  /** The lines of an answer as they come, each one JSON value. Whoever stops reading ends the call. */
  async *lines<T>(method: HttpMethod, path: string, options: StreamOptions): AsyncGenerator<T> {
    const answer = await this.stream(method, path, { ...options, beginWithinMs: STREAM_PATIENCE_MS });
    try {
      for await (const line of createInterface({ input: answer, crlfDelay: Infinity }))
        if (line !== '') yield JSON.parse(line) as T;
      // Its lines just end where a stream breaks off.
      if (answer.errored) throw unreachable(method, path, answer.errored);
    } finally {
      answer.destroy();
    }
  }

  /** Resolves when what is under way has been answered; nothing is sent again. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#pool.close();
  }

  /**
   * One try of a call whose body, or answer, is a stream of any length. `beginWithinMs`: how long until the answer begins;
   * and no longer than that between two pieces of it.
   */
  async stream(
    method: HttpMethod,
    path: string,
    options: StreamOptions & { beginWithinMs: number },
  ): Promise<Dispatcher.ResponseData['body']> {
    const { beginWithinMs, query, body = null, headers = {} } = options;
    const response = await this.#request(method, path, {
      ...{ method, path: this.#prefix + path + queryOf(query), body },
      headers: { ...this.#headers(), ...headers },
      ...{ headersTimeout: beginWithinMs, bodyTimeout: beginWithinMs },
    });
    if (response.statusCode < 300) return response.body;
    throw refused(response.statusCode, response.headers, await response.body.text());
  }

  #isOver({ signal }: CallOptions): boolean {
    return this.#closed || signal?.aborted === true;
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#options.apiKey}`, ...this.#options.headers };
  }

  async #attempt(
    method: HttpMethod,
    path: string,
    options: CallOptions,
    traceparent: string | undefined,
  ): Promise<HttpAnswer> {
    const headers = { ...this.#headers(), ...options.headers };
    if (traceparent !== undefined) headers.traceparent = traceparent;
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
    const deadlineMs = options.deadlineMs ?? this.#options.deadlineMs ?? 3_000;
    const late = AbortSignal.timeout(deadlineMs);
    try {
      const response = await this.#request(method, path, {
        ...{ method, path: this.#prefix + path + queryOf(options.query), headers },
        // Later than the deadline, which is what ends a call.
        ...{ headersTimeout: deadlineMs + 1_000, bodyTimeout: deadlineMs + 1_000 },
        body: options.body === undefined ? null : JSON.stringify(options.body),
        signal: options.signal ? AbortSignal.any([late, options.signal]) : late,
      });
      const text = await response.body.text();
      if (response.statusCode >= 300) throw refused(response.statusCode, response.headers, text);
      return { status: response.statusCode, headers: response.headers, text };
    } catch (error) {
      if (error instanceof BillingError && error.code !== 'unreachable') throw error;
      if (!late.aborted)
        throw error instanceof BillingError ? error : unreachable(method, path, error as Error);
      const why = `${method} ${path}: no answer within ${deadlineMs} ms`;
      throw new BillingError('timeout', 0, true, undefined, why);
    }
  }

  async #request(
    method: HttpMethod,
    path: string,
    request: Dispatcher.RequestOptions,
  ): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#pool.request(request);
    } catch (error) {
      throw unreachable(method, path, error as Error);
    }
  }
}
