import { and, eq, isNull } from 'drizzle-orm';
import type { ApiKey, NewApiKey } from '../../../domain/keys/api-key.js';
import type { ApiKeyEditor } from '../../../domain/ports/api-key-store.js';
import type { Author } from '../../../domain/ports/audit-log.js';
import { insertAuditLine } from '../audit-log/audit-rows.js';
import type { Database, Queryable } from '../driver/database.js';
import { apiKeys } from '../schema/schema.js';
import { fromRow, type Hashed, loggedKey, toRow } from './api-key-rows.js';

/** What one author writes to the keys. */
export class PostgresApiKeyEditor implements ApiKeyEditor {
  readonly #database: Database;
  readonly #author: Author;

  constructor(database: Database, author: Author) {
    this.#database = database;
    this.#author = author;
  }

  insert(key: Hashed): Promise<void> {
    return this.#database.transaction(async (tx) => {
      await tx.drizzle.insert(apiKeys).values(toRow(key));
      await this.#log(tx, key.id, null, loggedKey(key));
    });
  }

  revoke(id: string, now: number): Promise<boolean> {
    return this.#database.transaction(async (tx) => {
      const [row] = await tx.drizzle
        .update(apiKeys)
        .set({ revokedAt: new Date(now) })
        .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
        .returning();
      if (!row) return false;
      await this.#log(tx, id, loggedKey(fromRow(row)), null);
      return true;
    });
  }

  rotate(
    id: string,
    now: number,
    retiresAt: number,
    make: (key: ApiKey) => NewApiKey,
  ): Promise<NewApiKey | null> {
    return this.#database.transaction(async (tx) => {
      const [row] = await tx.drizzle
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
        .for('update');
      const old = row && fromRow(row);
      // Also when its grace is over: whoever never got the answer has no other way to the same idempotency scope.
      if (!old || (old.expiresAt !== null && old.expiresAt <= now)) return null;
      const successor = make(old);
      const retired = { ...old, retiresAt: Math.min(retiresAt, old.retiresAt ?? retiresAt) };
      await tx.drizzle.insert(apiKeys).values(toRow(successor));
      await tx.drizzle
        .update(apiKeys)
        .set({ retiresAt: new Date(retired.retiresAt) })
        .where(eq(apiKeys.id, id));
      const after = { ...loggedKey(retired), successor: loggedKey(successor) };
      await this.#log(tx, id, loggedKey(old), after);
      return successor;
    });
  }

  #log(tx: Queryable, target: string, before: object | null, after: object | null): Promise<void> {
    return insertAuditLine(tx, this.#author, { userId: null, target, reason: null, before, after });
  }
}
