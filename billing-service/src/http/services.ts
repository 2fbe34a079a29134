import type { Deps } from '../domain/deps.js';
import type { EventNews } from '../domain/events/event-news.js';
import type { ApiKeyring } from '../domain/keys/api-keyring.js';
import type { ConsoleSessions } from '../domain/keys/console-sessions.js';
import type { ApiKeyStore } from '../domain/ports/api-key-store.js';
import type { AuditLog, Author } from '../domain/ports/audit-log.js';
import type { Bus } from '../domain/ports/bus.js';
import type { EventStore } from '../domain/ports/event-store.js';
import type { ExportStore } from '../domain/ports/export-store.js';
import type { Instances } from '../domain/ports/instances.js';
import type { LedgerCaller } from '../domain/ports/ledger.js';
import type { EntryStore, PaymentReader, ReservationReader } from '../domain/ports/listings.js';
import type { PromoStore } from '../domain/ports/promo-store.js';
import type { RefusalStore } from '../domain/ports/refusal-store.js';
import type { Sales } from '../domain/ports/sales.js';
import { SILENT } from '../domain/ports/telemetry.js';
import type { UsageStore } from '../domain/ports/usage-store.js';
import type { UserDirectory } from '../domain/ports/user-directory.js';
import type { UserImports } from '../domain/ports/user-imports.js';
import type { WebhookStore } from '../domain/ports/webhook-store.js';
import type { AddressRule } from '../domain/webhooks/addresses.js';

/** The state of each dependency; `ok` only where all that are needed answer. */
export interface Readiness {
  ok: boolean;
  database: 'up' | 'down';
  /** `degraded`: limits are counted in the process while Redis is away. */
  limits: 'up' | 'degraded';
  /** `off`: the machine's own clock is off by more than a second. It goes by the database's all the same. */
  clock: 'ok' | 'off';
}

/** What an instance can tell of itself without asking anybody. */
export interface ServiceView {
  version: string;
  database: 'postgres' | 'pglite';
  settings: { name: string; value: string | null }[];
  instances: Instances;
  pools(): Record<string, { size: number; idle: number; most: number; waiting: number }>;
  clockBehindMs(): number;
}

/** Moves the time that all instances share; only there where TEST_CLOCK is set. */
export interface TestClock {
  /** The new now, in ms since the epoch. */
  advance(seconds: number, author: Author): Promise<number>;
}

/** All that routes may use: composed in compose.ts, also for tests. */
export interface Services extends Deps {
  entries: EntryStore;
  reservations: ReservationReader;
  payments: PaymentReader;
  directory: UserDirectory;
  sales: Sales;
  refusals: RefusalStore;
  exports: ExportStore;
  imports: UserImports;
  usage: UsageStore;
  auditLog: AuditLog;
  events: EventStore;
  promoCodes: PromoStore;
  webhooks: WebhookStore;
  /** Where webhooks may be sent. */
  addresses: AddressRule;
  /** Who waits for events. */
  news: EventNews;
  bus: Bus;
  apiKeys: ApiKeyStore;
  keyring: ApiKeyring;
  consoleSessions: ConsoleSessions;
  testClock: TestClock | undefined;
  view: ServiceView;
  ready(): Promise<Readiness>;
}

/** The same for one request: see Ledger.askedBy. */
export const servicesFor = ({ patience, author, rehearsal }: LedgerCaller, services: Services): Services =>
  Object.assign(Object.create(services) as Services, {
    ledger: services.ledger.askedBy({ patience, author, rehearsal }),
    // What did not happen is not counted.
    ...(rehearsal ? { telemetry: SILENT } : {}),
  });
