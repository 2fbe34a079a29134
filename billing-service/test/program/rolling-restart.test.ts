/** Instances that end and start again behind HAProxy, as an upgrade does it: nobody who calls notices. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { freePort } from '../support/free-port.js';
import { callService } from '../support/instances.js';
import { ownRedisUrl } from '../support/own-redis.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { startHaproxy } from '../support/start-haproxy.js';
import { PROGRAM_ADMIN_KEY, type RunningService, startService } from '../support/start-service.js';
import { whereFound } from '../support/test-environment.js';

t.setTimeout(10 * 60_000);

const RESTARTS = 20;
const CALLERS = 8;
const GRANTED = /^farebox_http_requests_total\{route="\/tokens\/grant",method="POST",status="2xx"\} [1-9]/m;

t.test(
  'under load behind HAProxy no request fails in 20 restarts',
  whereFound('TEST_HAPROXY', 'haproxy'),
  async (t) => {
    const shared = {
      ...{ DATABASE_URL: await createTestDatabase(t), REDIS_URL: ownRedisUrl() },
      ...{ ADMIN_API_KEY: PROGRAM_ADMIN_KEY, SHUTDOWN_DELAY_MS: '3000' },
    };
    const start = (port: string) => startService(t, { ...shared, PORT: port });
    const ports = [String(await freePort()), String(await freePort())];
    const running: RunningService[] = await Promise.all(ports.map(start));
    const url = await startHaproxy(
      t,
      running.map((service) => service.url),
    );
    const load = underLoad(url);
    for (let i = 0; i < RESTARTS; i++) {
      const at = i % 2;
      t.same(await running[at]?.stop('SIGTERM'), { code: 0, signal: null });
      const started = await start(ports[at] ?? '');
      running[at] = started;
      const figures = async () => (await fetch(started.metricsUrl)).text();
      const isBack = await until(async () => GRANTED.test(await figures()), { everyMs: 50 });
      t.ok(isBack, `after restart ${i + 1} HAProxy sends calls there again`);
    }
    t.same(await load.end(), [], `${load.answered()} calls were answered`);
  },
);

/** Callers that call, each as soon as its last call was answered; without a second try. */
function underLoad(url: string): { answered(): number; end(): Promise<string[]> } {
  const failures: string[] = [];
  let answered = 0;
  let isOver = false;
  const headers = { authorization: `Bearer ${PROGRAM_ADMIN_KEY}` };
  const caller = async (i: number) => {
    const body = { user: `web:caller-${i}`, amount: 1, source: 'promo', reason: 'load' };
    for (let n = 0; !isOver; n++) {
      const key = { 'idempotency-key': `${i}:${n}` };
      const answer = await callService(url, 'POST', '/tokens/grant', body, { ...headers, ...key }).catch(
        (error: Error) => ({ status: 0, text: String(error.cause ?? error) }),
      );
      if (answer.status === 201) answered += 1;
      else failures.push(`${answer.status} ${answer.text}`);
      await sleep(20);
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, (_, i) => caller(i)));
  return {
    answered: () => answered,
    end: async () => {
      isOver = true;
      await callers;
      return failures;
    },
  };
}
