/** The program once its database is open: stores, app, listen; and its end. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { openTracing } from '../../common/src/open-tracing.js';
import { SettingsError } from '../../common/src/settings.js';
import { buildApp } from './app.js';
import { banner, urlOf } from './banner.js';
import { type Composed, compose } from './compose.js';
import type { Config } from './config.js';
import { OffsetClock, steadyTime } from './domain/ports/clock.js';
import { ensureAdminKey, ensureDemoUser } from './first-start.js';
import { Metrics } from './http/metrics.js';
import { Sweeper } from './jobs/sweep.js';
import { openLimits } from './open-stores.js';
import { FollowLedger } from './readers/follow-ledger.js';
import { KeepEvents } from './readers/keep-events.js';
import { showFigures } from './show-figures.js';
import { shownSettings } from './shown-settings.js';
import { Departure, drain } from './shut-down.js';
import type { Database } from './stores/postgres/driver/database.js';
import { LedgerPartitions } from './stores/postgres/keeping/ledger-partitions.js';
import { PostgresEventKeeper } from './stores/postgres/readers/event-keeper.js';
import { eventReader } from './stores/postgres/readers/event-reader.js';
import { usageRollup } from './stores/postgres/readers/usage-rollup.js';
import { PostgresDeliveryQueue } from './stores/postgres/webhooks/delivery-queue.js';
import { DeliverWebhooks } from './webhooks/deliver-webhooks.js';
import { postWebhook } from './webhooks/post-webhook.js';

/** Starts everything and prints where it is. What was opened closes in the reverse order at the end. */
export async function startService(
  config: Config,
  log: FastifyBaseLogger,
  database: Database,
): Promise<void> {
  const closers: (() => Promise<unknown>)[] = [() => database.close()];
  // A laptop that slept: only the machine's clock knows. What follows a server is put right by it.
  const clock = database.kind === 'pglite' ? new OffsetClock() : new OffsetClock(Date.now, steadyTime());
  const metrics = new Metrics();
  const tracer = await openTracing(config.tracing, 'farebox');
  if (tracer) closers.push(() => tracer.close());
  const departure = new Departure(config.shutdownDelayMs);
  const isLeaving = departure.isAnnounced;

  const { close: closeLimits, ...limits } = await openLimits(config, clock, log);
  closers.push(closeLimits);
  const composed = await compose({
    ...{
      database,
      clock,
      telemetry: metrics.telemetry,
      tracer,
      testClock: config.testClock,
      adminKey: config.adminApiKey,
      ...{ webhookAllowCidrs: config.webhookAllowCidrs, settings: shownSettings(config) },
    },
    ...limits,
    isLeaving,
    warn: (error, message) => log.warn({ err: error }, message),
  });
  closers.push(composed.close);
  const { services } = composed;
  const adminKey = await ensureAdminKey(services, config);
  const demo = config.databaseUrl === undefined;
  if (demo) await ensureDemoUser(services, database);

  const { sweeper, usage, events, webhooks, ...jobs } = beside(database, composed, log);
  showFigures(metrics, {
    ...composed.state,
    clock,
    ...{ sweeper, usage, events },
    webhooks: webhooks.figures,
    limitsShared: limits.limitsShared,
  });
  const app = await buildApp({
    ...{ services, guard: config, trustProxy: config.trustProxy },
    ...{ logger: log, metrics, tracer, isLeaving },
  });
  const metricsServer = metrics.server((error) => log.warn({ err: error }, 'the metrics cannot be read'));
  const port = await listen(app.server, config.host, config.port, 'PORT', app);
  const metricsPort = await listen(metricsServer, config.metricsHost, config.metricsPort, 'METRICS_PORT');
  jobs.start();
  closers.push(
    jobs.stop,
    async () => metricsServer.close(),
    () => drain(app),
  );
  departure.onSignals(async () => {
    for (const close of closers.reverse()) await close();
  });
  process.stdout.write(
    banner({
      url: urlOf(config.host, port),
      metricsUrl: urlOf(config.metricsHost, metricsPort),
      stores: storesOf(config, await limits.limitsShared?.()),
      ...{ adminKey, demo },
    }),
  );
}

/** Whoever waits for an event waits no longer than this for it to be told. */
const TELL_EVERY_MS = 200;
/** What is made of a page is made by the one thread that answers calls: 10 ms of it. */
const EVENTS_PAGE = 500;

/** What runs beside the calls. */
function beside(database: Database, { services, presence }: Composed, log: FastifyBaseLogger) {
  const { ledger, clock, refusals, erasures, catalogue, news, addresses } = services;
  const sweeper = new Sweeper({
    ...{ ledger, clock, refusals, erasures, room: new LedgerPartitions(database) },
    onError: (error) => log.warn({ err: error }, 'the sweeper failed; it will try again'),
  });
  const usage = new FollowLedger({
    reader: usageRollup(database),
    onError: (error) => log.warn({ err: error }, 'usage could not be rolled up; it will be tried again'),
  });
  const events = new FollowLedger({
    reader: eventReader({ database, catalogue, clock }),
    onError: (error) => log.warn({ err: error }, 'events could not be told; it will be tried again'),
    onTaken: () => news.told(),
    ...{ pauseMs: TELL_EVERY_MS, page: EVENTS_PAGE },
  });
  const keep = new KeepEvents({
    ...{ keeper: new PostgresEventKeeper(database, catalogue), clock },
    onError: (error) => log.warn({ err: error }, 'what ends soon was not told; it will be tried again'),
  });
  const webhooks = new DeliverWebhooks({
    ...{ queue: new PostgresDeliveryQueue(database, clock, randomUUID()), clock },
    post: (url, body, headers, signal) => postWebhook(url, body, headers, { addresses, signal }),
    onError: (error) => log.warn({ err: error }, 'webhooks could not be sent; it will be tried again'),
  });
  const all = [sweeper, usage, events, keep, webhooks, presence];
  return {
    ...{ sweeper, usage, events, webhooks },
    start: () => {
      for (const job of all) job.start();
    },
    stop: () => Promise.all(all.map((job) => job.stop())),
  };
}

async function listen(
  server: Server,
  host: string,
  port: number,
  setting: string,
  app?: FastifyInstance,
): Promise<number> {
  try {
    if (app) await app.listen({ host, port });
    else await once(server.listen(port, host), 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fault = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code})`;
    throw new SettingsError([`${setting}: ${host}:${port} ${fault}`]);
  }
  return (server.address() as AddressInfo).port;
}

function storesOf({ databaseUrl, redis, dataDir }: Config, limitsShared: boolean | undefined): string {
  const where = redis?.cluster ? 'a Redis Cluster' : 'Redis';
  const limits = limitsShared
    ? `in ${where}`
    : redis
      ? `in this process until ${where} answers (REDIS_URL)`
      : 'in this process';
  return `${databaseUrl ? 'Postgres' : `embedded, in ${dataDir}`}; limits ${limits}`;
}
