/**
 * A server like the product's in everything (app, keys, schemas, stores, settings from the environment) but for one
 * call, which is answered in another way: `node serve.js <contender>`.
 */
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { buildApp } from '../../billing-service/src/app.js';
import { compose } from '../../billing-service/src/compose.js';
import { readConfig } from '../../billing-service/src/config.js';
import { OffsetClock } from '../../billing-service/src/domain/ports/clock.js';
import { Metrics } from '../../billing-service/src/http/metrics.js';
import { openDatabase, openLimits } from '../../billing-service/src/open-stores.js';
import type { Contender } from './contender.js';
import { emptyRoute } from './empty-route.js';
import { inBotFlow } from './in-bot-flow.js';
import { oneTransaction } from './one-transaction.js';

const CONTENDERS: Record<string, Contender> = {
  'empty-route': emptyRoute,
  'one-transaction': oneTransaction,
  'in-bot-flow': inBotFlow,
};

async function serve(name: string): Promise<void> {
  const contender = CONTENDERS[name];
  if (!contender) throw new Error(`no contender is named "${name}"`);
  const config = readConfig(process.env);
  const log = fastify({ logger: { level: config.logLevel, stream: process.stderr } }).log;
  const clock = new OffsetClock();
  const metrics = new Metrics();
  const database = await openDatabase(config, log);
  const { close: closeLimits, ...limits } = await openLimits(config, clock, log);
  const composed = await compose({
    ...{ database, clock, telemetry: metrics.telemetry, testClock: false, adminKey: config.adminApiKey },
    ...limits,
    warn: (error, message) => log.warn({ err: error }, message),
  });
  const route = await contender(composed.services, config);
  const app = await buildApp({
    services: composed.services,
    guard: config,
    logger: log,
    metrics,
    routes: () => [route],
  });
  await app.listen({ host: config.host, port: config.port });
  process.once('SIGTERM', () => process.exit(0)).once('SIGINT', () => process.exit(0));
  const { port } = app.server.address() as AddressInfo;
  process.stdout.write(`${name} listens at http://${config.host}:${port}\n`);
}

await serve(process.argv[2] ?? '');
