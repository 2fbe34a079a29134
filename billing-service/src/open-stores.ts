/**
 * Opens what the settings ask for: Postgres or PGlite, Redis or memory. A driver is loaded only if it is used: loading
 * all of them would cost time at the start, and memory for good.
 */
import { join } from 'node:path';
import { FolderInUseError, lockFolder } from '../../common/src/folder-lock.js';
import { SettingsError } from '../../common/src/settings.js';
import type { Config } from './config.js';
import type { Bus } from './domain/ports/bus.js';
import type { Clock } from './domain/ports/clock.js';
import type { LimitStore } from './domain/ports/limit-store.js';
import { UnavailableError } from './domain/ports/unavailable-error.js';
import { MemoryBus } from './stores/memory/memory-bus.js';
import { MemoryLimitStore } from './stores/memory/memory-limit-store.js';
import type { Database } from './stores/postgres/driver/database.js';
import { refuseLooseDurability } from './stores/postgres/driver/durability.js';
import { migrate } from './stores/postgres/driver/migrate.js';

export interface Log {
  warn(fields: object, message: string): void;
}

export interface OpenLimits {
  limits: LimitStore;
  bus: Bus;
  limitsShared?: () => Promise<boolean>;
  close(): Promise<void>;
}

/** Migrated, and durable enough to keep what it acknowledges. Throws `SettingsError` where the setting is at fault. */
export async function openDatabase(config: Config, log: Log): Promise<Database> {
  return config.databaseUrl === undefined
    ? openEmbedded(config.dataDir)
    : openServer({ ...config, databaseUrl: config.databaseUrl }, log);
}

async function openEmbedded(dataDir: string): Promise<Database> {
  const unlock = await lockFolder(dataDir).catch((error: NodeJS.ErrnoException) => {
    const fault =
      error instanceof FolderInUseError
        ? `another Farebox runs on ${dataDir}; stop it first, or set another DATA_DIR`
        : `${dataDir} cannot be used (${error.code ?? error.message})`;
    throw new SettingsError([`DATA_DIR: ${fault}`]);
  });
  const { openPglite } = await import('./stores/postgres/driver/pglite.js');
  const database = await openPglite(join(dataDir, 'pglite'));
  await migrate(database);
  return {
    ...database,
    close: async () => {
      await database.close();
      await unlock();
    },
  };
}

async function openServer(config: Config & { databaseUrl: string }, log: Log): Promise<Database> {
  const { openPostgres } = await import('./stores/postgres/driver/node-postgres.js');
  const database = openPostgres({
    url: config.databaseUrl,
    poolSize: config.pgPoolSize,
    preparedStatements: config.pgPrepared,
    onError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  });
  try {
    await refuseLooseDurability(database);
    await migrate(database, { tell: (message) => log.warn({}, message) });
    return database;
  } catch (error) {
    await database.close().catch(() => {});
    throw new SettingsError([`DATABASE_URL: ${whyNot(error)}`]);
  }
}

/** Postgres' own message says what is wrong (no such database, wrong password, no right), and holds no secret. */
function whyNot(error: unknown): string {
  const cause = error instanceof UnavailableError ? error.cause : error;
  const { message, code } = (cause ?? error) as Error & { code?: string };
  const text = (message || code || 'no answer').split('\n')[0] ?? '';
  return text.startsWith('DATABASE_URL: ') ? text.slice('DATABASE_URL: '.length) : `cannot be used: ${text}`;
}

const LIMITS_FULL =
  'more users are active than limits are kept for in this process; some may act more often: set REDIS_URL';

function onceAMinute(tell: () => void): () => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - toldAt < 60_000) return;
    toldAt = performance.now();
    tell();
  };
}

export async function openLimits(config: Config, clock: Clock, log: Log): Promise<OpenLimits> {
  if (config.redis === undefined) {
    const limits = new MemoryLimitStore({ clock, onLoss: onceAMinute(() => log.warn({}, LIMITS_FULL)) });
    return { limits, bus: new MemoryBus(), close: () => limits.close() };
  }
  const { openRedisStores } = await import('./stores/redis/redis-stores.js');
  return openRedisStores(config.redis, clock, { warn: (message) => log.warn({}, message) });
}
