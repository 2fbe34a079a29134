import type { Rehearsal } from '../domain/ports/ledger.js';

/** What a browser asks of the console and what it gets, without a word of the server that carries it. */
export interface ConsoleRequest {
  method: 'GET' | 'POST';
  /** The path below /console, each part decoded: `['users', 'telegram:1']`. */
  path: string[];
  query: Record<string, string>;
  /** What a form sent; empty for GET. */
  form: Record<string, string>;
  cookies: Record<string, string>;
  header(name: string): string | undefined;
  isSecure: boolean;
  /** Nobody waits for the answer any more: what has not begun is not begun. */
  isOver(): boolean;
  /** Whether this address has sent too many wrong keys. */
  isSuspect: boolean;
  /** Counts a wrong key against the caller's address; the seconds to wait where there were too many. */
  signInFailed(): Promise<number | undefined>;
}

export interface ConsoleReply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}

/** One call of the public API, made as the operator. */
export interface ApiCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: object | undefined;
  headers?: Record<string, string>;
  /** Where it only asks what it would do. */
  rehearsal?: Rehearsal;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string | undefined>;
  /** Undefined where there is none (204). */
  body: unknown;
}

export const redirect = (location: string, cookies: string[] = []): ConsoleReply => ({
  status: 303,
  headers: { location, ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) },
  body: '',
});
