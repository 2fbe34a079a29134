/** What every load generator is asked for, and what it gives back. */

/** One of the calls that calls.lua and call-bodies.ts know how to make. */
export type Call = 'reserve' | 'reserve-limits' | 'commit' | 'life' | 'check' | 'balance';

/**
 * `spread`: every user as likely; `hot`: one alone; `skewed`: a fifth of the requests for five users; `some`: ten
 * thousand of them, at even distances, as likely.
 */
export type Choice = 'spread' | 'hot' | 'skewed' | 'some';

export interface Load {
  /** Where the contender listens, e.g. `http://127.0.0.1:4000`. */
  url: string;
  key: string;
  call: Call;
  /** How many users there are: `bench:1` … `bench:<users>`. */
  users: number;
  choice: Choice;
  connections: number;
  seconds: number;
  /** For commit: a reservation id a line. */
  idsFile?: string | undefined;
  signal: AbortSignal;
}

export interface Measured {
  requests: number;
  seconds: number;
  perSecond: number;
  /** Answers other than 2xx. */
  refused: number;
  /** Requests without an answer. */
  failed: number;
  p50Ms: number;
  p99Ms: number;
}
