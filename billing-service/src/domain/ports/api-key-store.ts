import type { ApiKey, Scope } from '../keys/api-key.js';

/** Where a key stands in the list; it keeps its place when it is revoked. */
export type ApiKeyPlace = Pick<ApiKey, 'createdAt' | 'id'>;

export interface ApiKeyStore {
  /** The key of this SHA-256 (hex), also where it has expired; null where unknown or revoked. */
  findByHash(keyHash: string): Promise<ApiKey | null>;
  /** The SHA-256 (hex) of `limit` keys that are not revoked; fewer: of all. */
  liveHashes(limit: number): Promise<string[]>;
  insert(key: ApiKey & { keyHash: string }): Promise<void>;
  /** Those not revoked, newest first, `limit` of them before the key of a list's last one. */
  list(page: { limit: number; before: ApiKeyPlace | undefined }): Promise<ApiKey[]>;
  /** False where there is none, or it was revoked before. */
  revoke(id: string, now: number): Promise<boolean>;
  /** Inserts `key` unless a live key has this scope already; true where it was inserted. Once under any concurrency. */
  insertFirst(key: ApiKey & { keyHash: string }, scope: Scope): Promise<boolean>;
}
