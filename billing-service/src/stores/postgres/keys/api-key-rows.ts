import type { ApiKey, Scope } from '../../../domain/keys/api-key.js';
import type { apiKeys } from '../schema/schema.js';

export type Row = typeof apiKeys.$inferSelect;
export type Hashed = ApiKey & { keyHash: string };

export const toRow = (key: Hashed) => ({
  id: key.id,
  name: key.name,
  scopes: key.scopes,
  prefix: key.prefix,
  keyHash: key.keyHash,
  createdAt: new Date(key.createdAt),
  expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt),
});

export const fromRow = (row: Omit<Row, 'keyHash' | 'revokedAt'>): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes as Scope[],
  prefix: row.prefix,
  createdAt: row.createdAt.getTime(),
  expiresAt: row.expiresAt?.getTime() ?? null,
});

/** A key as the audit log keeps it: all but its hash. */
export const loggedKey = ({ id, name, scopes, prefix, createdAt, expiresAt }: ApiKey): object => ({
  ...{ id, name, scopes, prefix },
  createdAt: new Date(createdAt).toISOString(),
  expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
});
