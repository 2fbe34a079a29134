import { type ApiKey, endOf, type Scope } from '../../../domain/keys/api-key.js';
import type { apiKeys } from '../schema/schema.js';

type Stored = typeof apiKeys.$inferSelect;
/** What is read of a key: all but what only the database needs. */
export type Row = Omit<Stored, 'keyHash' | 'revokedAt'>;
export type Hashed = ApiKey & { keyHash: string };

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

export const toRow = (key: Hashed) => ({
  id: key.id,
  name: key.name,
  scopes: key.scopes,
  prefix: key.prefix,
  keyHash: key.keyHash,
  createdAt: new Date(key.createdAt),
  expiresAt: dateOf(key.expiresAt),
  retiresAt: dateOf(key.retiresAt),
  lastUsedAt: dateOf(key.lastUsedAt),
  idempotencyScope: key.idempotencyScope,
});

export const fromRow = (row: Row): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes as Scope[],
  prefix: row.prefix,
  createdAt: row.createdAt.getTime(),
  expiresAt: row.expiresAt?.getTime() ?? null,
  retiresAt: row.retiresAt?.getTime() ?? null,
  lastUsedAt: row.lastUsedAt?.getTime() ?? null,
  idempotencyScope: row.idempotencyScope ?? row.id,
});

/** A key as the audit log keeps it: all that an operator set. */
export const loggedKey = (key: ApiKey): object => ({
  ...{ id: key.id, name: key.name, scopes: key.scopes, prefix: key.prefix },
  createdAt: new Date(key.createdAt).toISOString(),
  expiresAt: dateOf(endOf(key))?.toISOString() ?? null,
});
