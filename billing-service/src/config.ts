/** Every setting, read and checked here and nowhere else. `.env.example` names them all (a test compares). */
import { existsSync } from 'node:fs';

export interface Config {
  host: string;
  /** 0: any free one. */
  port: number;
  metricsHost: string;
  metricsPort: number;
  /** Absent: PGlite in `dataDir`. */
  databaseUrl: string | undefined;
  /** Absent: limits in this process. `urls` are one server, or, with `cluster`, some nodes of a cluster. */
  redis: { urls: string[]; cluster: boolean } | undefined;
  dataDir: string;
  adminApiKey: string | undefined;
  logLevel: LogLevel;
  testClock: boolean;
  pgPoolSize: number;
  /** False behind a pooler in transaction mode that knows no named statements. */
  pgPrepared: boolean;
  failedAuthenticationsPerMinute: number;
  requestsPerKeyPerSecond: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Says in one line what is wrong with which setting. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  constructor(setting: string, fault: string) {
    super(`${setting}: ${fault}`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws SettingError for the first bad setting. Values that may be secret are never repeated in it. */
export function readConfig(env: Environment): Config {
  const read = reader(env);
  const testClock = read.flag('TEST_CLOCK', false);
  if (testClock && env.NODE_ENV === 'production') {
    throw new SettingError('TEST_CLOCK', 'is refused under NODE_ENV=production');
  }
  return {
    host: read.text('HOST', '127.0.0.1'),
    port: read.integer('PORT', 3000, 0, 65_535),
    metricsHost: read.text('METRICS_HOST', '127.0.0.1'),
    metricsPort: read.integer('METRICS_PORT', 9091, 0, 65_535),
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    redis: redisSetting(read.urls('REDIS_URL', ['redis:', 'rediss:']), read.flag('REDIS_CLUSTER', false)),
    dataDir: read.text('DATA_DIR', './data'),
    adminApiKey: adminKey(read.optional('ADMIN_API_KEY')),
    logLevel: read.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    testClock,
    pgPoolSize: read.integer('PG_POOL_SIZE', 12, 2, 500),
    pgPrepared: read.flag('PG_PREPARED', true),
    failedAuthenticationsPerMinute: read.integer('MAX_FAILED_AUTH_PER_MINUTE', 100, 1, 1_000_000),
    requestsPerKeyPerSecond: read.integer('MAX_REQUESTS_PER_KEY_PER_SECOND', 100_000, 1, 100_000_000),
  };
}

/** The environment, with what `.env` adds to it: the environment wins. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

const MIN_ADMIN_KEY = 32;

function adminKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  if (key.length < MIN_ADMIN_KEY) {
    throw new SettingError('ADMIN_API_KEY', `must have at least ${MIN_ADMIN_KEY} characters`);
  }
  if (!/^[\x21-\x7e]{1,512}$/.test(key)) {
    throw new SettingError('ADMIN_API_KEY', 'must be up to 512 printable ASCII characters without spaces');
  }
  return key;
}

function redisSetting(urls: string[], cluster: boolean): Config['redis'] {
  if (urls.length === 0) {
    if (cluster) throw new SettingError('REDIS_CLUSTER', 'needs REDIS_URL to name one or more of its nodes');
    return undefined;
  }
  if (!cluster && urls.length > 1) {
    throw new SettingError('REDIS_URL', 'names several nodes: set REDIS_CLUSTER=true, or name one');
  }
  const nodes = urls.map((url) => new URL(url));
  if (cluster && nodes.some((node) => node.pathname.length > 1)) {
    throw new SettingError('REDIS_URL', 'must name no database: a cluster has but one');
  }
  const access = new Set(
    nodes.map(({ protocol, username, password }) => `${protocol}${username}:${password}`),
  );
  if (access.size > 1) {
    throw new SettingError('REDIS_URL', 'must have the same protocol, user and password for every node');
  }
  return { urls, cluster };
}

function reader(env: Environment) {
  // Compose files pass what is not set as an empty string.
  const optional = (name: string): string | undefined => env[name]?.trim() || undefined;
  return {
    optional,
    text: (name: string, otherwise: string): string => optional(name) ?? otherwise,
    integer(name: string, otherwise: number, minimum: number, maximum: number): number {
      const text = optional(name);
      if (text === undefined) return otherwise;
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= minimum && value <= maximum) return value;
      throw new SettingError(name, `must be a whole number from ${minimum} to ${maximum}, not "${text}"`);
    },
    flag(name: string, otherwise: boolean): boolean {
      const text = optional(name);
      if (text === undefined) return otherwise;
      if (text === 'true' || text === 'false') return text === 'true';
      throw new SettingError(name, `must be true or false, not "${text}"`);
    },
    choice<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
      const text = optional(name);
      const found = choices.find((choice) => choice === (text ?? otherwise));
      if (found) return found;
      throw new SettingError(name, `must be one of ${choices.join(', ')}, not "${text}"`);
    },
    url: (name: string, protocols: string[]): string | undefined =>
      checkedUrl(name, optional(name), protocols),
    /** Several with commas between them. */
    urls: (name: string, protocols: string[]): string[] =>
      (optional(name)?.split(',') ?? []).map((text) => checkedUrl(name, text.trim(), protocols) ?? ''),
  };
}

function checkedUrl(name: string, text: string | undefined, protocols: string[]): string | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  throw new SettingError(name, `must be a URL that begins with ${protocols.join('// or ')}//`);
}
