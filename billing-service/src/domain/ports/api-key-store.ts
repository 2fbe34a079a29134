import type { ApiKey, NewApiKey, Scope } from '../keys/api-key.js';
import type { Author } from './audit-log.js';

/** Where a key stands in the list; it keeps its place when it is revoked. */
export type ApiKeyPlace = Pick<ApiKey, 'createdAt' | 'id'>;

export interface ApiKeyStore {
  /** The key of this SHA-256 (hex), also where it has expired; null where unknown or revoked. */
  findByHash(keyHash: string): Promise<ApiKey | null>;
  /** Null where it is unknown or revoked. */
  find(id: string): Promise<ApiKey | null>;
  /** The SHA-256 (hex) of `limit` keys that are not revoked; fewer: of all. */
  liveHashes(limit: number): Promise<string[]>;
  /** Those not revoked, newest first, `limit` of them before the key of a list's last one. */
  list(page: { limit: number; before: ApiKeyPlace | undefined }): Promise<ApiKey[]>;
  /** Inserts `key` unless a live key has this scope already; true where it was inserted. Once under any concurrency. */
  insertFirst(key: ApiKey & { keyHash: string }, scope: Scope): Promise<boolean>;
  /** That these were in use at `now`, as far as nobody has said later. */
  markUsed(ids: string[], now: number): Promise<void>;
  /** What can be written, with the author's line in the audit log. */
  by(author: Author): ApiKeyEditor;
}

export interface ApiKeyEditor {
  insert(key: ApiKey & { keyHash: string }): Promise<void>;
  /** False where there is none, or it was revoked before. */
  revoke(id: string, now: number): Promise<boolean>;
  /**
   * Puts the key that `make` makes beside this one, which works on until `retiresAt` at most. Null where there is none,
   * or it is over.
   */
  rotate(
    id: string,
    now: number,
    retiresAt: number,
    make: (key: ApiKey) => NewApiKey,
  ): Promise<NewApiKey | null>;
}
