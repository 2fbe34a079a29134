/** The service's HTTP side over an embedded database of its own, for `inject`. */
import type { FastifyBaseLogger, FastifyInstance, InjectOptions } from 'fastify';
import { buildApp } from '../../src/app.js';
import { compose } from '../../src/compose.js';
import type { Scope } from '../../src/domain/keys/api-key.js';
import { makeApiKey } from '../../src/domain/keys/api-key.js';
import { OffsetClock } from '../../src/domain/ports/clock.js';
import { SILENT } from '../../src/domain/ports/telemetry.js';
import type { GuardLimits } from '../../src/http/hooks/service-guard.js';
import type { Metrics } from '../../src/http/metrics.js';
import type { Services } from '../../src/http/services.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import { freshPglite, type TestDatabase } from './databases.js';
import { LocalBus } from './local-bus.js';
import { TEST_AUTHOR } from './test-author.js';

export const ADMIN_KEY = 'an-admin-key-for-tests-of-enough-length';

export interface TestApp {
  app: FastifyInstance;
  services: Services;
  clock: OffsetClock;
  /** Calls with the admin key unless `key` says otherwise (null: none). */
  call(
    method: NonNullable<InjectOptions['method']>,
    url: string,
    options?: { body?: unknown; key?: string | null; headers?: Record<string, string> },
  ): Promise<{ status: number; headers: Record<string, unknown>; body: Json; text: string }>;
  keyWith(...scopes: Scope[]): Promise<string>;
}

/** Whatever the service answered: tests look into it without ceremony. */
// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about.
export type Json = any;

type Teardown = { teardown(fn: () => Promise<void>): unknown; comment(...args: unknown[]): void };

export async function testApp(
  t: Teardown,
  options: {
    guard?: Partial<GuardLimits>;
    change?: (services: Services) => Partial<Services>;
    trustProxy?: string[];
    logger?: FastifyBaseLogger;
    answerWithinMs?: number;
    bodyWithinMs?: number;
    metrics?: Metrics;
    /** The database to stand on; by default an embedded one of its own. */
    store?: TestDatabase;
  } = {},
): Promise<TestApp> {
  const clock = new OffsetClock();
  const services = await servicesOver(t, clock, options.store ?? (await freshPglite(t)));
  Object.assign(services, options.change?.(services));
  const { guard, trustProxy, logger, metrics, answerWithinMs, bodyWithinMs } = options;
  const app = await buildApp({
    services,
    ...(guard ? { guard } : {}),
    ...(trustProxy ? { trustProxy } : {}),
    ...(logger ? { logger } : {}),
    ...(answerWithinMs ? { answerWithinMs } : {}),
    ...(bodyWithinMs ? { bodyWithinMs } : {}),
    ...(metrics ? { metrics } : {}),
  });
  t.teardown(() => app.close());
  return {
    app,
    services,
    clock,
    call: async (method, url, { body, key = ADMIN_KEY, headers = {} } = {}) => {
      const answer = await app.inject({
        method,
        url,
        headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      const isJson = /[/+]json/.test(String(answer.headers['content-type'] ?? ''));
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: isJson ? answer.json() : undefined,
        text: answer.body,
      };
    },
    keyWith: async (...scopes) => {
      const key = makeApiKey({ name: 'test', scopes, expiresAt: null }, clock.now());
      await services.apiKeys.by(TEST_AUTHOR).insert(key);
      return key.key;
    },
  };
}

async function servicesOver(t: Teardown, clock: OffsetClock, store: TestDatabase): Promise<Services> {
  const database = await store.open();
  const { services, close } = await compose({
    database,
    clock,
    bus: new LocalBus(),
    limits: new MemoryLimitStore({ clock }),
    telemetry: { ...SILENT },
    adminKey: ADMIN_KEY,
    testClock: true,
    warn: (error) => t.comment(error),
  });
  t.teardown(close);
  return services;
}
