import type { Config } from './config.js';

export interface ShownSetting {
  name: string;
  /** Null: not set. */
  value: string | null;
}

/** A secret is said to be there, and no more. */
const HIDDEN = '***';

/** What an operator may see of the settings: an address without who signs in there, a key not at all. */
export function shownSettings(config: Config): ShownSetting[] {
  const { redis, tracing } = config;
  const values: Record<string, string | number | boolean | undefined> = {
    HOST: config.host,
    PORT: config.port,
    METRICS_HOST: config.metricsHost,
    METRICS_PORT: config.metricsPort,
    DATABASE_URL: placeOf(config.databaseUrl),
    PG_POOL_SIZE: config.pgPoolSize,
    PG_PREPARED: config.pgPrepared,
    REDIS_URL: redis?.urls.map(placeOf).join(', '),
    REDIS_CLUSTER: redis?.cluster ?? false,
    DATA_DIR: config.dataDir,
    ADMIN_API_KEY: config.adminApiKey && HIDDEN,
    LOG_LEVEL: config.logLevel,
    TEST_CLOCK: config.testClock,
    MAX_FAILED_AUTH_PER_MINUTE: config.failedAuthenticationsPerMinute,
    MAX_REQUESTS_PER_KEY_PER_SECOND: config.requestsPerKeyPerSecond,
    TRUST_PROXY: config.trustProxy.join(', ') || undefined,
    WEBHOOK_ALLOW_CIDRS: config.webhookAllowCidrs.join(', ') || undefined,
    SHUTDOWN_DELAY_MS: config.shutdownDelayMs,
    OTEL_EXPORTER_OTLP_ENDPOINT: placeOf(tracing.endpoint),
    OTEL_TRACES_SAMPLER_ARG: tracing.share,
  };
  return Object.entries(values).map(([name, value]) => ({
    name,
    value: value === undefined ? null : String(value),
  }));
}

/** Without user, password and parameters, any of which may be a secret. */
function placeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}
