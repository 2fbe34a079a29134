import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  BillingHttp,
  type CallOptions,
  type HttpAnswer,
  type paths,
  saying,
} from '../../bot-client/src/billing/index.js';

type Method = 'get' | 'put' | 'post' | 'delete';
type Path = keyof paths;
export type PathWith<M extends Method> = {
  [P in Path]: paths[P] extends { [K in M]: object } ? P : never;
}[Path];
type Operation<M extends Method, P extends Path> = paths[P] extends { [K in M]: infer O } ? O : never;
type Part<O, Place extends string> = O extends { parameters: { [K in Place]?: infer V } } ? V : never;
type Given<V> = [V] extends [undefined] ? unknown : V;
type Perhaps<V> = { [K in keyof V]: V[K] | undefined };
type JsonIn<R> = R extends { content: { 'application/json': infer B } } ? B : undefined;
type BodyOf<O> = O extends { requestBody?: infer B } ? JsonIn<NonNullable<B>> : undefined;
type SuccessOf<O> = O extends { responses: infer R } ? JsonIn<R[keyof R & (200 | 201 | 202)]> : never;

/** What the OpenAPI document says of a call: parts of the path, the query, the body. */
export interface Request<O> {
  path?: Given<Part<O, 'path'>>;
  /** What is undefined is not asked. */
  query?: Perhaps<Given<Part<O, 'query'>>>;
  body?: BodyOf<O>;
  deadlineMs?: number;
}

export interface Answer<Body> {
  body: Body;
  /** As the service sent it. */
  text: string;
  headers: HttpAnswer['headers'];
}
export type AnswerTo<M extends Method, P extends PathWith<M>> = Answer<SuccessOf<Operation<M, P>>>;

export interface Write {
  reason: string | undefined;
  /** Of an earlier run whose answer was lost. */
  key: string | undefined;
  /** The call itself takes no key, so a second try might do it twice. */
  once?: boolean;
}

/** Longer than the service takes to say that it cannot. */
const DEADLINE_MS = 10_000;
const UPLOAD_MS = 30 * 60_000;

/** The service's calls, by method and path; the compiler holds each to the OpenAPI document. */
export class Service {
  readonly #http: BillingHttp;
  /** Of the write that was sent last: a retry by hand takes it along. */
  writing: { key: string; once: boolean } | undefined;

  constructor(options: { url: string; apiKey: string; version: string; onTry(outcome: string): void }) {
    const { version, ...rest } = options;
    this.#http = new BillingHttp({
      ...{ ...rest, deadlineMs: DEADLINE_MS },
      headers: { 'x-farebox-via': 'cli', 'user-agent': `farebox-cli/${version}` },
    });
  }

  get<P extends PathWith<'get'>>(
    path: P,
    request: Request<Operation<'get', P>> = {},
  ): Promise<AnswerTo<'get', P>> {
    return this.#send('get', path, request, {});
  }

  /** With an Idempotency-Key that belongs to the command, not to the try. */
  write<M extends 'put' | 'post' | 'delete', P extends PathWith<M>>(
    method: M,
    path: P,
    { reason, key = randomUUID(), once = false }: Write,
    request: Request<Operation<M, P>> = {},
  ): Promise<AnswerTo<M, P>> {
    // A deletion that is sent again would say that there is nothing to delete.
    const isSentOnce = once || method === 'delete';
    this.writing = { key, once: isSentOnce };
    return this.#send(method, path, request, {
      idempotencyKey: key,
      ...(isSentOnce ? { attempts: 1 } : {}),
      headers: saying({ reason }),
    });
  }

  /** Which release it is, by its OpenAPI document. */
  async version(): Promise<string | undefined> {
    const { info } = await this.#http.call<{ info?: { version?: string } }>('GET', '/openapi.json');
    return info?.version;
  }

  /** The answer as it comes. */
  stream<P extends PathWith<'get'>>(path: P, request: Request<Operation<'get', P>>, beginWithinMs: number) {
    const { query = {} } = request as { query?: object };
    return this.#http.stream('GET', filledIn(path, request.path), { query, beginWithinMs });
  }

  /** Lines of any number, and the answer as it comes; it may be silent for long while nothing is wrong. */
  upload(path: string, write: Write, body: Readable) {
    return this.#http.stream('POST', path, {
      ...{ beginWithinMs: UPLOAD_MS, body },
      headers: { 'content-type': 'application/x-ndjson', ...saying(write) },
    });
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #send<M extends Method, P extends PathWith<M>>(
    method: M,
    path: P,
    request: Request<Operation<M, P>>,
    options: CallOptions,
  ): Promise<AnswerTo<M, P>> {
    const { body, deadlineMs, query = {} } = request as Request<Operation<M, P>> & { query?: object };
    const { text, headers } = await this.#http.send(
      method.toUpperCase() as Uppercase<M>,
      filledIn(path, request.path),
      { ...options, query, ...(body ? { body } : {}), ...(deadlineMs ? { deadlineMs } : {}) },
    );
    return { text, headers, body: text === '' ? undefined : JSON.parse(text) } as AnswerTo<M, P>;
  }
}

function filledIn(path: string, parts: unknown = {}): string {
  const named = parts as Record<string, string>;
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(named[name] ?? ''));
}
