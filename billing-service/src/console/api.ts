import { randomUUID } from 'node:crypto';
import type { Rehearsal } from '../domain/ports/ledger.js';
import type { Picture } from './answers.js';
import type { ApiAnswer, ApiCall } from './exchange.js';

interface ProblemBody {
  code: string;
  title: string;
  detail: string;
  errors?: { field: string; message: string }[];
  requestId?: string;
}

/** What the API refused or could not do. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: ProblemBody,
  ) {
    super(problem.detail);
  }
}

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

type Query = Record<string, string | number | undefined>;

/** The public API as the operator may use it: with their key's scopes, and nothing more. */
export class Api {
  readonly #call: (call: ApiCall) => Promise<ApiAnswer>;

  constructor(call: (call: ApiCall) => Promise<ApiAnswer>) {
    this.#call = call;
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.send({ method: 'GET', path: withQuery(path, query) })) as T;
  }

  /** With its ETag, for a write that replaces only what was read. */
  async read<T>(path: string): Promise<{ body: T; etag: string }> {
    const { headers, body } = await this.#sent({ method: 'GET', path });
    return { body: body as T, etag: headers.etag ?? '' };
  }

  /** Null where the path names nothing, or the operator's key may not read it. */
  async find<T>(path: string, query: Query = {}): Promise<T | null> {
    return this.get<T>(path, query).catch((error) => {
      if (error instanceof ApiProblem && (error.status === 404 || error.status === 403)) return null;
      throw error;
    });
  }

  /** How the account was and how it would be, if this call were made. What the API would refuse it refuses now. */
  async rehearse(call: ApiCall): Promise<{ before: Picture; after: Picture }> {
    const rehearsal: Rehearsal = {};
    await this.#sent({ ...call, rehearsal, headers: { 'idempotency-key': randomUUID(), ...call.headers } });
    if (!rehearsal.before || !rehearsal.after) throw new Error(`${call.path} changes no account`);
    return { before: rehearsal.before as Picture, after: rehearsal.after as Picture };
  }

  async send(call: ApiCall): Promise<unknown> {
    return (await this.#sent(call)).body;
  }

  async #sent(call: ApiCall): Promise<ApiAnswer> {
    const answer = await this.#call(call);
    if (answer.status >= 400) throw new ApiProblem(answer.status, answer.body as ProblemBody);
    return answer;
  }
}

/** Members without a value are left out. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}
