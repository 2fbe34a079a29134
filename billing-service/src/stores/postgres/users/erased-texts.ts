/** Where rows of a user who was erased have words, and how these go. */
import type { Erasures } from '../../../domain/ports/erasures.js';
import type { Database, Queryable } from '../driver/database.js';

const PAGE = 2_000;

/** Rows that stay, for they are figures of the ledger: in pages of the key, each page read once. */
const EMPTIED = [
  {
    table: 'entries',
    id: 'id',
    first: '0',
    type: 'bigint',
    set: 'metadata = null',
    where: 't.metadata is not null',
  },
  {
    table: 'reservations',
    id: 'id',
    first: '00000000-0000-0000-0000-000000000000',
    type: 'uuid',
    set: `reference = '', metadata = null`,
    where: `(t.reference <> '' or t.metadata is not null)`,
  },
  {
    table: 'grants',
    id: 'id',
    first: '0',
    type: 'integer',
    set: 'reason = null, metadata = null',
    where: '(t.reason is not null or t.metadata is not null)',
  },
];

/** Rows of which nothing is needed any more. */
const DELETED = [
  'delete from idempotency_keys where user_id = $1 and key_hash in (select key_hash from idempotency_keys where user_id = $1 limit $2)',
  'delete from audit_texts where audit_id in (select audit_id from audit_texts where user_id = $1 limit $2)',
  'delete from refusals where ctid in (select ctid from refusals where user_id = $1 limit $2)',
  'delete from limit_hits where user_id = $1 and operation in (select operation from limit_hits where user_id = $1 limit $2)',
  'delete from deliveries where id in (select id from deliveries where line = $1 limit $2)',
];

/** A payment stays, so that it is applied once; its answer names nobody. */
const PAYMENTS = `update payments set reference = '', metadata = null,
  answer = (answer::jsonb || '{"user": null}')::text where user_id = $1 and reference <> ''`;

/** After the reader that may be at it: what it read of the user before, it has written then. Told events keep their place. */
const EVENTS = [
  `select from marks where reader = 'events' for update`,
  'delete from happenings where user_id = $1',
  `update events set data = '' where user_id = $1 and data <> ''`,
];

export class PostgresErasures implements Erasures {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async clean(untilMs: number): Promise<boolean> {
    for (;;) {
      const [next] = await this.#database.query<{ userId: number }>(
        'select user_id as "userId" from former_users where texts_left order by user_id limit 1',
      );
      if (!next) return true;
      if (!(await this.#cleanOne(next.userId, untilMs))) return false;
    }
  }

  /** In the end the user's number has no words, however often this was broken off and begun again. */
  async #cleanOne(userId: number, untilMs: number): Promise<boolean> {
    await this.#transaction(async (tx) => {
      for (const text of EVENTS) await tx.query(text, text.includes('$1') ? [userId] : []);
      await tx.query(PAYMENTS, [userId]);
    });
    for (const text of DELETED) if (!(await this.#deleteAll(text, userId, untilMs))) return false;
    for (const rows of EMPTIED) if (!(await this.#emptyAll(rows, userId, untilMs))) return false;
    await this.#database.query('update former_users set texts_left = false where user_id = $1', [userId]);
    return true;
  }

  async #deleteAll(text: string, userId: number, untilMs: number): Promise<boolean> {
    for (;;) {
      const gone = await this.#transaction((tx) => tx.query(`${text} returning 1`, [userId, PAGE]));
      if (gone.length < PAGE) return true;
      if (performance.now() >= untilMs) return false;
    }
  }

  async #emptyAll(rows: (typeof EMPTIED)[number], userId: number, untilMs: number): Promise<boolean> {
    const { table, id, type, set, where } = rows;
    const statement = `with page as (
        select ${id} as id from ${table} where user_id = $1 and ${id} > $2::${type} order by ${id} limit $3
      ), emptied as (
        update ${table} t set ${set} from page where t.user_id = $1 and t.${id} = page.id and ${where}
      ) select count(*)::integer as count, (array_agg(id order by id desc))[1]::text as last from page`;
    for (let after = rows.first; ; ) {
      const [page] = await this.#transaction((tx) =>
        tx.query<{ count: number; last: string }>(statement, [userId, after, PAGE]),
      );
      if (!page || page.count < PAGE) return true;
      if (performance.now() >= untilMs) return false;
      after = page.last;
    }
  }

  /** The one thing that the ledger's entries let be changed, and only to one who says so: see the trigger. */
  #transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (tx) => {
      await tx.query(`select set_config('farebox.erasing', 'on', true)`);
      return work(tx);
    });
  }
}
