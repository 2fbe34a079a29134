import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BillingHttp } from '../billing-http.js';
import type { Answer, AnswerLine, Body, BodyLine, Query } from '../types.js';
import { saying, type WriteOptions } from './write-options.js';

const at = (user: string, rest: string) => `/users/${encodeURIComponent(user)}/${rest}`;

/** What an operator does with users; what a frontend needs of them is on the client itself. */
export class UserCalls {
  constructor(readonly http: BillingHttp) {}

  /** Newest first; `search` is a prefix of a reference, a username or a first name. */
  list(query: Query<'listUsers'> = {}): Promise<Answer<'listUsers'>> {
    return this.http.call('GET', '/users', { query });
  }
  /** A further name of the same user, such as the web account of somebody from Telegram. */
  addReference(
    user: string,
    reference: string,
    options?: WriteOptions & { key?: string },
  ): Promise<Answer<'addReference'>> {
    const idempotencyKey = options?.key ?? randomUUID();
    const body = { reference };
    return this.http.call('POST', at(user, 'references'), {
      ...{ body, idempotencyKey, headers: saying(options) },
    });
  }
  /** The name then is nobody's; a user's only name stays (409 `last-reference`). */
  removeReference(user: string, reference: string, options?: WriteOptions): Promise<void> {
    const path = at(user, `references/${encodeURIComponent(reference)}`);
    return this.http.call('DELETE', path, { headers: saying(options) });
  }
  entries(user: string, query: Query<'listEntries'> = {}): Promise<Answer<'listEntries'>> {
    return this.http.call('GET', at(user, 'entries'), { query });
  }
  reservations(user: string, query: Query<'listReservations'> = {}): Promise<Answer<'listReservations'>> {
    return this.http.call('GET', at(user, 'reservations'), { query });
  }
  /** By hand and at once; paid time is bought with `pay`. */
  changeTier(user: string, body: Body<'changeTier'>, options?: WriteOptions): Promise<Answer<'changeTier'>> {
    return this.http.call('PUT', at(user, 'tier'), { body, headers: saying(options) });
  }
  block(user: string, reason: string): Promise<Answer<'blockUser'>> {
    return this.http.call('PUT', at(user, 'block'), { body: { blocked: true, reason } });
  }
  unblock(user: string, options?: WriteOptions): Promise<Answer<'blockUser'>> {
    return this.http.call('PUT', at(user, 'block'), { body: { blocked: false }, headers: saying(options) });
  }
  /** Limits of this user in place of the tier's; null = the tier's. */
  override(user: string, body: Body<'overrideLimits'>): Promise<Answer<'overrideLimits'>> {
    return this.http.call('PUT', at(user, 'overrides'), { body });
  }
  /**
   * Users from elsewhere, as many as there are, as fast as they are taken. Gives a line for each problem, and the summary
   * last: an answer without it is not whole. The same lines again change nothing.
   */
  import(
    lines: Iterable<BodyLine<'importUsers'>> | AsyncIterable<BodyLine<'importUsers'>>,
    { dryRun = false, ...options }: WriteOptions & { dryRun?: boolean } = {},
  ): AsyncGenerator<AnswerLine<'importUsers'>> {
    return this.http.lines('POST', '/import/users', {
      query: dryRun ? { dryRun } : {},
      body: Readable.from(asText(lines)),
      headers: { 'content-type': 'application/x-ndjson', ...saying(options) },
    });
  }
}

async function* asText(lines: Iterable<object> | AsyncIterable<object>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}
