import type { Author } from '../../../domain/ports/audit-log.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type { IdempotencyKey } from '../../../domain/ports/ledger.js';
import type { PromoEditor, PromoStore } from '../../../domain/ports/promo-store.js';
import {
  type CodeState,
  type PromoCode,
  type PromoTerms,
  shownCode,
} from '../../../domain/promo/promo-code.js';
import { insertAuditLine } from '../audit-log/audit-rows.js';
import type { Database, Queryable } from '../driver/database.js';
import { promoBatches } from '../schema/schema.js';
import { CODES, type CodeRow, codeOf, findCode, madeUnder } from './promo-rows.js';

export class PostgresPromoStore implements PromoStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  find(code: string, userId: number): Promise<CodeState | null> {
    return findCode(this.#database, code, userId);
  }

  async list({ limit, before }: Parameters<PromoStore['list']>[0]): Promise<PromoCode[]> {
    const rows = await this.#database.query<CodeRow>(
      `${CODES} where c.id < $1 and c.deleted_at is null order by c.id desc limit $2`,
      [before ?? Number.MAX_SAFE_INTEGER, limit],
    );
    return rows.map(codeOf);
  }

  made(key: IdempotencyKey) {
    return madeUnder(this.#database, key);
  }

  by(author: Author): PromoEditor {
    return new PostgresPromoEditor(this.#database, this.#clock, author);
  }
}

class PostgresPromoEditor implements PromoEditor {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #author: Author;

  constructor(database: Database, clock: Clock, author: Author) {
    this.#database = database;
    this.#clock = clock;
    this.#author = author;
  }

  create(terms: PromoTerms, codes: readonly string[], key: IdempotencyKey | undefined): Promise<boolean> {
    return this.#database.transaction(async (tx) => {
      const batchId = await this.#insertBatch(tx, terms, key);
      if (batchId === null) return false;
      // In this order: their ids are what a repeat reads them by.
      await tx.query(
        `insert into promo_codes (code, batch_id)
         select code, $2 from unnest($1::text[]) with ordinality u(code, place) order by place`,
        [`{${codes.join(',')}}`, batchId],
      );
      await this.#log(tx, null, null, { count: codes.length, ...shownTerms(terms) });
      return true;
    });
  }

  remove(code: string): Promise<boolean> {
    return this.#database.transaction(async (tx) => {
      const marked = await tx.query(
        'update promo_codes set deleted_at = $2 where code = $1 and deleted_at is null returning id',
        [code, new Date(this.#clock.now())],
      );
      if (marked.length === 0) return false;
      const [row] = await tx.query<CodeRow>(`${CODES} where c.code = $1`, [code]);
      if (!row) throw new Error('a code was marked and is not there');
      const terms = codeOf(row);
      await this.#log(tx, shownCode(terms), { used: terms.used, ...shownTerms(terms) }, null);
      return true;
    });
  }

  /** Null where its key has a batch already: one that is being made is waited for. */
  async #insertBatch(
    { drizzle }: Queryable,
    { expiresAt, ...terms }: PromoTerms,
    key: IdempotencyKey | undefined,
  ): Promise<number | null> {
    const [made] = await drizzle
      .insert(promoBatches)
      .values({
        ...terms,
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
        createdAt: new Date(this.#clock.now()),
        keyHash: key?.keyHash ?? null,
        payloadHash: key?.payloadHash ?? null,
      })
      .onConflictDoNothing({ target: promoBatches.keyHash })
      .returning({ id: promoBatches.id });
    return made?.id ?? null;
  }

  #log(tx: Queryable, target: string | null, before: object | null, after: object | null): Promise<void> {
    const reason = ((after ?? before) as PromoTerms).reason;
    return insertAuditLine(tx, this.#author, { userId: null, target, reason, before, after });
  }
}

/** Never the codes: who reads the audit log could redeem them. */
const shownTerms = ({ amount, expiresAt, uses, usesPerUser, grantSeconds, prefix, reason }: PromoTerms) => ({
  ...{ amount, uses, usesPerUser, grantSeconds, prefix, reason },
  expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
});
