import type { ApiKeyring } from '../domain/api-keyring.js';
import type { Clock } from '../domain/clock.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { ApiKeyStore } from '../stores/api-keys.js';
import type { Bus, CatalogueStore, LimitStore, UserStore } from '../stores/stores.js';

/** The state of each dependency; `ok` only where all that are needed answer. */
export interface Readiness {
  ok: boolean;
  database: 'up' | 'down';
  /** `degraded`: limits are counted in the process while Redis is away. */
  limits: 'up' | 'degraded';
}

/** All that routes may use: composed in server.ts, and in tests from real or in-memory parts. */
export interface Services {
  clock: Clock;
  catalogue: CatalogueStore;
  users: UserStore;
  limits: LimitStore;
  bus: Bus;
  apiKeys: ApiKeyStore;
  keyring: ApiKeyring;
  telemetry: Telemetry;
  ready(): Promise<Readiness>;
}
