/** One shape over node-postgres and PGlite, so that every store is written once. */
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from '../schema/schema.js';

export type Drizzle = PgDatabase<PgQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>;

export interface Queryable {
  /** Ordinary queries. */
  readonly drizzle: Drizzle;
  /** `int8` comes back as a number, `timestamptz` as a Date. Throws UnavailableError when the database is away. */
  query<R>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/** One connection for a work of its own; see `Database.own`. */
export interface OwnConnection extends Pick<Queryable, 'query'> {
  close(): Promise<void>;
}

/** A pool's connections now, and how many wait for one. */
export interface PoolState {
  size: number;
  most: number;
  idle: number;
  waiting: number;
}

export interface TransactionLimits {
  /** A row that somebody else holds is waited for this long, then it is a LockedError; 2 s. */
  lockTimeoutMs?: number;
}

export interface Database extends Queryable {
  readonly kind: 'postgres' | 'pglite';
  /** How many transactions may be open at once without keeping single statements waiting. */
  readonly transactionsAtOnce: number;
  /** A statement sent so often that it is worth preparing under a name. */
  hot<R>(name: string, text: string, values: readonly unknown[]): Promise<R[]>;
  /** READ COMMITTED. Runs `work` again when the database broke it up as a deadlock's victim. */
  transaction<T>(work: (tx: Queryable) => Promise<T>, limits?: TransactionLimits): Promise<T>;
  /** Reads one snapshot, in a pool of two connections and 5 s a statement at most: it never slows the calls. */
  reading<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * The rows of one statement as one snapshot sees them, a page at a time; the connection is one of `reading`'s. Who
   * stops to ask for pages ends it by `return()`, and soon: until then Postgres keeps all that the snapshot may see.
   */
  pages<R>(text: string, values: readonly unknown[], rowsAPage: number): AsyncGenerator<R[], void>;
  /** As query, on a connection of its own: it never waits behind other work. For 2 s at most. */
  probe<R>(text: string): Promise<R[]>;
  /** A connection outside the pools, whose statements have no deadline. An embedded database has but the one. */
  own(): Promise<OwnConnection>;
  /** By name, for the figures; an embedded database has none. */
  pools(): Record<string, PoolState>;
  close(): Promise<void>;
}
