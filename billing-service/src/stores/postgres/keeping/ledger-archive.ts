import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ArchiveFile,
  LedgerArchive,
  OldestPart,
  PartSums,
} from '../../../domain/ports/ledger-archive.js';
import type { Database, OwnConnection } from '../driver/database.js';
import { LockedError } from '../driver/failure.js';
import { settledEnd } from '../ledger/settled-end.js';
import { EVENTS_READER } from '../readers/event-reader.js';
import { USAGE_READER } from '../readers/usage-rollup.js';
import { PARTITIONS } from './ledger-partitions.js';

const ROWS_A_PAGE = 2_000;
/** While it is waited for, nobody else gets at the ledger. */
const LOCK_MS = 300;
const TRIES = 30;
const REST_MS = 1_000;
const SPENT = `coalesce(sum(-amount) filter (where kind in ('charge', 'refund')), 0)`;

const OLDEST = `select name, low, high, (
    select coalesce(min(through_id), 0) from marks where reader in ('${USAGE_READER}', '${EVENTS_READER}')
  ) as "readTo" from (${PARTITIONS}) part order by low limit 1`;

const FILES = `select low, high, file, rows, amount, sha256, previous from archives order by low`;

const NOTE = `insert into archives (low, high, file, rows, amount, sha256, previous, last_at, archived_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** In the order of users, as everybody takes more than one. */
const carry = (part: string): string => `insert into carried as c (user_id, entries, total, spent)
  select user_id, count(*), sum(amount), ${SPENT} from ${part} group by user_id order by user_id
  on conflict (user_id) do update set entries = c.entries + excluded.entries, total = c.total + excluded.total,
    spent = c.spent + excluded.spent`;

/** An open hold has no entry, so there are none; found from the few accounts that hold anything. */
const openIn = (part: string): string => `select count(*) as open from accounts a
  cross join lateral (select id from reservations r where r.user_id = a.user_id and r.status = 'open' offset 0) r
  cross join lateral (
    select from ${part} e where e.user_id = a.user_id and e.reservation_id = r.id limit 1
  ) e where a.open_count > 0`;

/** On a connection of its own, whose statements take as long as they take. One such works at a time. */
export class PostgresLedgerArchive implements LedgerArchive {
  readonly #database: Pick<Database, 'reading' | 'kind'>;
  readonly #connection: OwnConnection;

  constructor(database: Pick<Database, 'reading' | 'kind'>, connection: OwnConnection) {
    this.#database = database;
    this.#connection = connection;
  }

  async oldest(): Promise<OldestPart | null> {
    const settledTo = await settledEnd(this.#database);
    const [part] = await this.#connection.query<OldestPart & { readTo: number }>(OLDEST);
    if (!part) return null;
    const { name, low, high, readTo } = part;
    return { name, low, high, isClosed: settledTo >= high, isRead: readTo >= high - 1 };
  }

  async sumsOf({ name }: OldestPart): Promise<PartSums> {
    const part = quoted(name);
    const [sums] = await this.#connection.query<{
      rows: number;
      amount: string;
      spent: string;
      lastAt: Date | null;
    }>(
      `select count(*) as rows, coalesce(sum(amount), 0)::text as amount, ${SPENT}::text as spent,
         max(created_at) as "lastAt" from ${part}`,
    );
    const [held] = await this.#connection.query<{ open: number }>(openIn(part));
    if (!sums || !held) throw new Error('a sum has no row');
    return {
      ...{ rows: sums.rows, amount: BigInt(sums.amount), spent: BigInt(sums.spent), open: held.open },
      lastAt: sums.lastAt?.getTime() ?? null,
    };
  }

  /** Whole, by the names of its columns and in UTC, so that `json_populate_record` brings it back. */
  async *rows({ name, low }: OldestPart): AsyncGenerator<string[], void> {
    const { query } = this.#connection;
    const page = `select id, row_to_json(e)::text as line from ${quoted(name)} e where id > $1 order by id limit ${ROWS_A_PAGE}`;
    for (let after = low - 1; ; ) {
      await query('begin');
      await query(`set local timezone = 'UTC'`);
      const rows = await query<{ id: number; line: string }>(page, [after]);
      await query('commit');
      if (rows.length > 0) yield rows.map(({ line }) => line);
      const last = rows.at(-1);
      if (rows.length < ROWS_A_PAGE || !last) return;
      after = last.id;
    }
  }

  async files(): ReturnType<LedgerArchive['files']> {
    type Row = ArchiveFile & { rows: number; amount: string };
    const rows = await this.#connection.query<Row>(FILES);
    return rows.map(({ amount, ...row }) => ({ ...row, amount: BigInt(amount), spent: 0n }));
  }

  async cut(part: OldestPart, file: ArchiveFile, sums: PartSums, at: number): Promise<boolean> {
    const { query } = this.#connection;
    await query('begin');
    try {
      await query(carry(quoted(part.name)));
      const lastAt = sums.lastAt === null ? null : new Date(sums.lastAt);
      const { low, high, file: name, sha256, previous } = file;
      const values = [
        low,
        high,
        name,
        sums.rows,
        String(sums.amount),
        sha256,
        previous,
        lastAt,
        new Date(at),
      ];
      await query(NOTE, values);
      const isGone = await this.#letGo(part);
      await query(isGone ? 'commit' : 'rollback');
      return isGone;
    } catch (error) {
      await query('rollback').catch(() => {});
      throw error;
    }
  }

  /** Of all this only the end needs the ledger for itself: for a moment, and if it cannot be had soon, then later. */
  async #letGo({ name }: OldestPart): Promise<boolean> {
    const { query } = this.#connection;
    for (let tries = 1; ; tries++) {
      await query('savepoint kept');
      try {
        // Whoever stops now, before it is committed, holds everybody up no longer than that.
        await query(`set local lock_timeout = ${LOCK_MS}`);
        await query('set local idle_in_transaction_session_timeout = 2000');
        await query(`drop table ${quoted(name)}`);
        return true;
      } catch (error) {
        if (!(error instanceof LockedError)) throw error;
        await query('rollback to savepoint kept');
        if (tries === TRIES) return false;
        await sleep(REST_MS);
      }
    }
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
