import type { ApiKeyring } from '../domain/api-keyring.js';
import type { Deps } from '../domain/deps.js';
import type { ApiKeyStore } from '../stores/api-keys.js';
import type { Bus } from '../stores/stores.js';

/** The state of each dependency; `ok` only where all that are needed answer. */
export interface Readiness {
  ok: boolean;
  database: 'up' | 'down';
  /** `degraded`: limits are counted in the process while Redis is away. */
  limits: 'up' | 'degraded';
}

/** All that routes may use: composed in server.ts, and in tests from real or in-memory parts. */
export interface Services extends Deps {
  bus: Bus;
  apiKeys: ApiKeyStore;
  keyring: ApiKeyring;
  ready(): Promise<Readiness>;
}
