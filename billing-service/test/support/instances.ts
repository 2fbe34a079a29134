/** Instances of the service as others see them: each listens on its own port, all share one Postgres. */

import { buildApp } from '../../src/app.js';
import { compose } from '../../src/compose.js';
import { OffsetClock } from '../../src/domain/ports/clock.js';
import type { LimitStore } from '../../src/domain/ports/limit-store.js';
import { SILENT } from '../../src/domain/ports/telemetry.js';
import { Sweeper } from '../../src/jobs/sweep.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { freshPostgres } from './databases.js';
import { LocalBus } from './local-bus.js';
import { usualWay } from './postgres-template.js';
import { ADMIN_KEY, type Json } from './test-app.js';

type Teardown = { teardown(fn: () => Promise<void>): unknown };

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
  text: string;
}

export interface Instances {
  /** The first one's, and everybody's where `clocks` gives no others. */
  clock: OffsetClock;
  /** By the i-th instance, modulo their number. */
  call(
    i: number,
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  sweepers: Sweeper[];
  /** A connection of the test's own. */
  database: Database;
  /** What went wrong without anybody being told. */
  warnings: string[];
}

/** For herds on a busy machine: patience has tests of its own. */
const ENOUGH_MS = 60_000;

/**
 * `limitsOf`: each instance's own store of limits; by default one in memory for all, as Redis would be. `clocks`: each
 * instance's own.
 */
export async function startInstances(
  t: Teardown,
  count: number,
  way = usualWay(),
  limitsOf?: (clock: OffsetClock) => Promise<LimitStore>,
  clocks: OffsetClock[] = [],
): Promise<Instances> {
  const shared = await freshPostgres(t, way);
  const first = clocks[0] ?? new OffsetClock();
  const bus = new LocalBus();
  const sharedLimits = new MemoryLimitStore({ clock: first });
  const warnings: string[] = [];
  const urls: string[] = [];
  const sweepers: Sweeper[] = [];
  for (let i = 0; i < count; i++) {
    const clock = clocks[i] ?? first;
    const { services, close } = await compose({
      database: await shared.open(),
      clock,
      bus,
      limits: (await limitsOf?.(clock)) ?? sharedLimits,
      telemetry: SILENT,
      adminKey: ADMIN_KEY,
      testClock: false,
      warn: (error, message) => warnings.push(String(error ?? message)),
    });
    const app = await buildApp({ services, answerWithinMs: ENOUGH_MS });
    urls.push(await app.listen({ port: 0, host: '127.0.0.1' }));
    sweepers.push(
      new Sweeper({ ledger: services.ledger, clock, onError: (error) => warnings.push(String(error)) }),
    );
    t.teardown(async () => {
      await app.close();
      await close();
    });
  }
  return {
    clock: first,
    database: await shared.open(),
    sweepers,
    warnings,
    call: (i, method, path, body, headers = {}) =>
      callService(urls[i % count] ?? '', method, path, body, {
        authorization: `Bearer ${ADMIN_KEY}`,
        ...headers,
      }),
  };
}

/** One call of a running service. */
export async function callService(
  url: string,
  method: string,
  path: string,
  body: object | undefined,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(signal ? { signal } : {}),
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text ? JSON.parse(text) : undefined,
  };
}
