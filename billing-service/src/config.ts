/** Every setting, read and checked here and nowhere else. `.env.example` names them all (a test compares). */

import type { TracingSettings } from '../../common/src/open-tracing.js';
import { type Environment, SettingsReader } from '../../common/src/settings.js';
import { isNetwork } from './is-network.js';

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
  /** The proxies whose X-Forwarded-For is believed: addresses or CIDRs. */
  trustProxy: string[];
  /** Networks of one's own that webhooks may be sent to, also without TLS. */
  webhookAllowCidrs: string[];
  /** How long a stop is announced, and requests still served, before the service closes. */
  shutdownDelayMs: number;
  tracing: TracingSettings;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Throws `SettingsError` with all that is wrong. */
export function readConfig(env: Environment): Config {
  const read = new SettingsReader(env);
  const config: Config = {
    host: read.text('HOST', '127.0.0.1'),
    port: read.integer('PORT', 3000, 0, 65_535),
    metricsHost: read.text('METRICS_HOST', '127.0.0.1'),
    metricsPort: read.integer('METRICS_PORT', 9091, 0, 65_535),
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    redis: redisSetting(read),
    dataDir: read.text('DATA_DIR', './data'),
    adminApiKey: adminKey(read),
    logLevel: read.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    testClock: read.flag('TEST_CLOCK', false),
    pgPoolSize: read.integer('PG_POOL_SIZE', 12, 2, 500),
    pgPrepared: read.flag('PG_PREPARED', true),
    failedAuthenticationsPerMinute: read.integer('MAX_FAILED_AUTH_PER_MINUTE', 100, 1, 1_000_000),
    requestsPerKeyPerSecond: read.integer('MAX_REQUESTS_PER_KEY_PER_SECOND', 100_000, 1, 100_000_000),
    trustProxy: networksSetting(read, 'TRUST_PROXY'),
    webhookAllowCidrs: networksSetting(read, 'WEBHOOK_ALLOW_CIDRS'),
    shutdownDelayMs: read.integer('SHUTDOWN_DELAY_MS', 2_000, 0, 60_000),
    tracing: tracingSetting(read),
  };
  if (config.testClock && env.NODE_ENV === 'production') {
    read.refuse('TEST_CLOCK', 'is refused under NODE_ENV=production');
  }
  read.end();
  return config;
}

/** The share is read only where there are traces: platforms set it for other samplers, in other forms. */
function tracingSetting(read: SettingsReader): Config['tracing'] {
  const endpoint = read.url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:']);
  return {
    endpoint,
    share: endpoint === undefined ? 1 : (read.number('OTEL_TRACES_SAMPLER_ARG', 0, 1) ?? 1),
  };
}

function networksSetting(read: SettingsReader, name: 'TRUST_PROXY' | 'WEBHOOK_ALLOW_CIDRS'): string[] {
  const networks =
    read
      .optional(name)
      ?.split(',')
      .map((network) => network.trim()) ?? [];
  if (!networks.every(isNetwork)) {
    read.refuse(name, 'must be addresses or CIDRs, such as 10.0.0.0/8, with commas between');
  }
  return networks;
}

const ADMIN_KEY_RULE = '32 to 512 printable ASCII characters without spaces';

function adminKey(read: SettingsReader): string | undefined {
  return read.matching('ADMIN_API_KEY', /^[\x21-\x7e]{32,512}$/, ADMIN_KEY_RULE);
}

function redisSetting(read: SettingsReader): Config['redis'] {
  const urls = read.urls('REDIS_URL', ['redis:', 'rediss:']);
  const cluster = read.flag('REDIS_CLUSTER', false);
  if (urls.length === 0) {
    if (cluster) read.refuse('REDIS_CLUSTER', 'needs REDIS_URL to name one or more of its nodes');
    return undefined;
  }
  if (urls.includes('')) return undefined; // Refused by the reader.
  if (!cluster && urls.length > 1) {
    read.refuse('REDIS_URL', 'names several nodes: set REDIS_CLUSTER=true, or name one');
  }
  const nodes = urls.map((url) => new URL(url));
  if (cluster && nodes.some((node) => node.pathname.length > 1)) {
    read.refuse('REDIS_URL', 'must name no database: a cluster has but one');
  }
  const access = new Set(
    nodes.map(({ protocol, username, password }) => `${protocol}${username}:${password}`),
  );
  if (access.size > 1) {
    read.refuse('REDIS_URL', 'must have the same protocol, user and password for every node');
  }
  return { urls, cluster };
}
