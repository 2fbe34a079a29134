import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { ApiKey, Scope } from '../../../domain/keys/api-key.js';
import type { ApiKeyEditor, ApiKeyStore } from '../../../domain/ports/api-key-store.js';
import type { Author } from '../../../domain/ports/audit-log.js';
import type { Database } from '../driver/database.js';
import { orUnavailable } from '../driver/failure.js';
import { apiKeys } from '../schema/schema.js';
import { PostgresApiKeyEditor } from './api-key-editor.js';
import { fromRow, type Hashed, type Row, toRow } from './api-key-rows.js';

/** Any number, the same in every instance, so that instances that start together make one first key. */
const FIRST_KEY_LOCK = 7_203_417;

export class PostgresApiKeyStore implements ApiKeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  findByHash(keyHash: string): Promise<ApiKey | null> {
    return this.#findBy('key_hash', keyHash);
  }

  find(id: string): Promise<ApiKey | null> {
    return this.#findBy('id', id);
  }

  async #findBy(column: 'id' | 'key_hash', value: string): Promise<ApiKey | null> {
    const rows = await this.#database.query<Row>(
      `select id, name, scopes, prefix, created_at as "createdAt", expires_at as "expiresAt",
         retires_at as "retiresAt", last_used_at as "lastUsedAt", idempotency_scope as "idempotencyScope"
       from api_keys where ${column} = $1 and revoked_at is null`,
      [value],
    );
    return rows[0] ? fromRow(rows[0]) : null;
  }

  async markUsed(ids: string[], now: number): Promise<void> {
    // Instances that say so together must not wait for each other: what one skips, the other has just written.
    await this.#database.query(
      `update api_keys set last_used_at = $2 where id in (
         select id from api_keys where id = any ($1::text[]) and (last_used_at is null or last_used_at < $2)
         for update skip locked)`,
      [ids, new Date(now)],
    );
  }

  async liveHashes(limit: number): Promise<string[]> {
    const rows = await this.#database.query<{ hash: string }>(
      'select key_hash as hash from api_keys where revoked_at is null limit $1',
      [limit],
    );
    return rows.map(({ hash }) => hash);
  }

  by(author: Author): ApiKeyEditor {
    return new PostgresApiKeyEditor(this.#database, author);
  }

  async list({ limit, before }: Parameters<ApiKeyStore['list']>[0]): Promise<ApiKey[]> {
    const last = before && { id: before.id, createdAt: new Date(before.createdAt) };
    const older =
      last &&
      or(
        lt(apiKeys.createdAt, last.createdAt),
        and(eq(apiKeys.createdAt, last.createdAt), lt(apiKeys.id, last.id)),
      );
    const rows = await orUnavailable(
      this.#database.drizzle
        .select()
        .from(apiKeys)
        .where(and(isNull(apiKeys.revokedAt), older))
        .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
        .limit(limit),
    );
    return rows.map(fromRow);
  }

  insertFirst(key: Hashed, scope: Scope): Promise<boolean> {
    return this.#database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(${FIRST_KEY_LOCK})`);
      const present = await tx.drizzle
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .where(
          and(
            isNull(apiKeys.revokedAt),
            // Of the two the earlier, and a null of either is none: `least` leaves nulls out.
            sql`coalesce(least(${apiKeys.expiresAt}, ${apiKeys.retiresAt}) > ${new Date(key.createdAt)}, true)`,
            sql`${scope} = any(${apiKeys.scopes})`,
          ),
        )
        .limit(1);
      if (present.length > 0) return false;
      await tx.drizzle.insert(apiKeys).values(toRow(key));
      return true;
    });
  }
}
