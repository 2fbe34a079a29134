import type { ApiKeyStore } from '../ports/api-key-store.js';
import type { ApiKey } from './api-key.js';
import { type Caller, SETTINGS_KEY } from './api-keyring.js';

/** A key as it sees itself. The one of the settings has no row: nobody knows when it was made, or last used. */
export type OwnKey = Omit<ApiKey, 'prefix' | 'createdAt'> & {
  prefix: string | null;
  createdAt: number | null;
};

/** Null where it was revoked a moment ago. */
export async function readOwnKey(store: ApiKeyStore, caller: Caller): Promise<OwnKey | null> {
  if (caller.apiKeyId !== SETTINGS_KEY.apiKeyId) return store.find(caller.apiKeyId);
  const { apiKeyId: id, name, idempotencyScope, scopes } = caller;
  return {
    ...{ id, name, idempotencyScope, scopes: [...scopes], prefix: null },
    ...{ createdAt: null, expiresAt: null, retiresAt: null, lastUsedAt: null },
  };
}
