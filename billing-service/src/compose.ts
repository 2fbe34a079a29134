/** Puts the stores and the domain together; the only place that knows which implementation serves. */
import type { Tracer } from '../../common/src/tracing.js';
import { EventNews } from './domain/events/event-news.js';
import { LimitHits } from './domain/events/limit-hits.js';
import { ApiKeyring } from './domain/keys/api-keyring.js';
import { ConsoleSessions } from './domain/keys/console-sessions.js';
import { KeyUses } from './domain/keys/key-uses.js';
import type { Bus } from './domain/ports/bus.js';
import type { OffsetClock } from './domain/ports/clock.js';
import type { LimitStore } from './domain/ports/limit-store.js';
import type { Telemetry } from './domain/ports/telemetry.js';
import { UnavailableError } from './domain/ports/unavailable-error.js';
import { RefusalTally } from './domain/refusals/refusal-tally.js';
import { AddressRule } from './domain/webhooks/addresses.js';
import type { Readiness, Services, ServiceView } from './http/services.js';
import { VERSION } from './http/version.js';
import { Presence } from './jobs/presence.js';
import { PostgresAuditLog } from './stores/postgres/audit-log/audit-log-reader.js';
import { openCatalogueStore } from './stores/postgres/catalogue/catalogue-store.js';
import { TestClockStore } from './stores/postgres/clock/test-clock-store.js';
import type { Database } from './stores/postgres/driver/database.js';
import { DatabaseTime } from './stores/postgres/driver/database-time.js';
import { PostgresExportStore } from './stores/postgres/exports/export-store.js';
import { PostgresApiKeyStore } from './stores/postgres/keys/api-key-store.js';
import { PostgresConsoleSessionStore } from './stores/postgres/keys/console-session-store.js';
import { PostgresEntryStore } from './stores/postgres/ledger/entry-store.js';
import { openLedger } from './stores/postgres/ledger/open-ledger.js';
import { PostgresPaymentReader } from './stores/postgres/ledger/payment-reader.js';
import type { PostgresLedger } from './stores/postgres/ledger/postgres-ledger.js';
import { PostgresReservationReader } from './stores/postgres/ledger/reservation-store.js';
import { PostgresSales } from './stores/postgres/ledger/sales-reader.js';
import { PostgresUserDirectory } from './stores/postgres/ledger/user-directory.js';
import { PostgresUserImports } from './stores/postgres/moving/user-imports.js';
import { PostgresPromoStore } from './stores/postgres/promo/promo-store.js';
import { PostgresEventKeeper } from './stores/postgres/readers/event-keeper.js';
import { PostgresEventStore } from './stores/postgres/readers/event-store.js';
import { PostgresUsageStore } from './stores/postgres/readers/usage-store.js';
import { PostgresRefusalStore } from './stores/postgres/refusals/refusal-store.js';
import { PostgresErasures } from './stores/postgres/users/erased-texts.js';
import { PostgresUserStore } from './stores/postgres/users/user-store.js';
import { PostgresWebhookStore } from './stores/postgres/webhooks/webhook-store.js';

export interface Parts {
  /** Migrated. */
  database: Database;
  bus: Bus;
  limits: LimitStore;
  /** Whether limits are shared right now; undefined where they live in this process. */
  limitsShared?: () => Promise<boolean>;
  clock: OffsetClock;
  telemetry: Telemetry;
  tracer?: Tracer | undefined;
  adminKey: string | undefined;
  testClock: boolean;
  /** As an operator may see them. */
  settings?: ServiceView['settings'];
  /** Networks of one's own that webhooks may be sent to; none where absent. */
  webhookAllowCidrs?: string[] | undefined;
  /** Whether this instance is about to end. */
  isLeaving?: () => boolean;
  warn(error: unknown, message: string): void;
}

export interface Composed {
  services: Services;
  /** Not started yet. */
  presence: Presence;
  /** What can be read of the stores at any moment without asking a database; see show-figures.ts. */
  state: {
    queues: () => ReturnType<PostgresLedger['load']>;
    pools: Database['pools'];
    refused: () => RefusalTally['totals'];
    lookups: () => Record<string, { hits: number; misses: number }>;
  };
  /** Ends background work. The parts themselves are the caller's to close. */
  close(): Promise<void>;
}

const READY_TIMEOUT_MS = 2_000;

export async function compose(parts: Parts): Promise<Composed> {
  const { database, bus, limits, clock, telemetry } = parts;
  const databaseTime = await followDatabase(parts);
  const testClock = parts.testClock ? new TestClockStore(database, clock, bus) : undefined;
  await testClock?.follow();
  const catalogue = await openCatalogueStore(database, bus);
  const users = new PostgresUserStore({ database, bus, clock, catalogue });
  const ledger = openLedger(database, {
    clock,
    catalogue,
    onPlanChange: (userId) => users.invalidate(userId),
    telemetry,
    tracer: parts.tracer,
    onBatchFailure: (error) => parts.warn(error, 'a batch failed; its items went on one by one'),
  });
  const apiKeys = new PostgresApiKeyStore(database);
  const uses = new KeyUses(apiKeys, clock);
  const keyring = new ApiKeyring({ store: apiKeys, clock, bus, adminKey: parts.adminKey, uses });
  const events = new PostgresEventStore(database);
  const hits = new LimitHits(new PostgresEventKeeper(database, catalogue), clock);
  const refusals = new PostgresRefusalStore(database);
  const refused = new RefusalTally(refusals, clock);
  const presence = new Presence({ bus, clock, version: VERSION });
  const services: Services = {
    ...{ refusals, refused },
    ...{ events, hits, clock, catalogue, users, limits, ledger, telemetry, bus, apiKeys, testClock },
    entries: new PostgresEntryStore(database),
    reservations: new PostgresReservationReader(database),
    payments: new PostgresPaymentReader(database),
    sales: new PostgresSales(database),
    erasures: new PostgresErasures(database),
    exports: new PostgresExportStore(database),
    imports: new PostgresUserImports(database),
    usage: new PostgresUsageStore(database),
    directory: new PostgresUserDirectory(database),
    promoCodes: new PostgresPromoStore(database, clock),
    webhooks: new PostgresWebhookStore(database, clock),
    addresses: new AddressRule(parts.webhookAllowCidrs ?? []),
    auditLog: new PostgresAuditLog(database),
    news: new EventNews({
      last: () => events.last(),
      heads: (after, limit) => events.heads(after, limit),
      isLeaving: parts.isLeaving,
    }),
    keyring,
    consoleSessions: new ConsoleSessions({
      ...{ keyring, clock, store: new PostgresConsoleSessionStore(database) },
    }),
    view: viewOf(parts, presence),
    ready: () => readiness(parts),
  };
  return {
    ...{ services, presence },
    state: {
      queues: () => ledger.load(),
      pools: () => database.pools(),
      refused: () => refused.totals,
      lookups: () => ({ profile: users.lookups, key: services.keyring.lookups }),
    },
    close: async () => {
      databaseTime?.close();
      testClock?.close();
      catalogue.close();
      services.news.close();
      await Promise.all([uses.close(), hits.write(), refused.write()]);
    },
  };
}

const viewOf = ({ database, clock, settings = [] }: Parts, presence: Presence): ServiceView => ({
  ...{ version: VERSION, database: database.kind, settings, instances: presence },
  pools: () => database.pools(),
  clockBehindMs: () => clock.behindMs(),
});

/** The clock of an embedded database is this process's own. */
async function followDatabase({ database, clock, warn }: Parts): Promise<DatabaseTime | undefined> {
  if (database.kind === 'pglite') return undefined;
  const databaseTime = new DatabaseTime({ database, clock, warn: (message) => warn(undefined, message) });
  await databaseTime.follow();
  return databaseTime;
}

async function readiness({ database, clock, limitsShared, isLeaving }: Parts): Promise<Readiness> {
  const [databaseUp, limitsUp] = await Promise.all([
    answers(takesWrites(database)),
    limitsShared?.() ?? true,
  ]);
  return {
    ok: databaseUp && !isLeaving?.(),
    database: databaseUp ? 'up' : 'down',
    limits: limitsUp ? 'up' : 'degraded',
    clock: clock.isOff() ? 'off' : 'ok',
  };
}

/**
 * A database that only reads (a standby, a full disk that an operator shut) serves nobody. It says so by an error, after
 * which the connection is closed: made in that time, it could stay read-only for as long as it lives.
 */
const takesWrites = (database: Database): Promise<unknown> =>
  database.probe(`do $$ begin
    if current_setting('transaction_read_only') = 'on' then
      raise exception 'the database is read-only' using errcode = '25006';
    end if;
  end $$`);

async function answers(query: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UnavailableError('no answer in time')), READY_TIMEOUT_MS);
  });
  return Promise.race([query, timeout])
    .then(
      () => true,
      () => false,
    )
    .finally(() => clearTimeout(timer));
}
