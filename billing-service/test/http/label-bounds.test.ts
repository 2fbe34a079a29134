/** However many users, paths and names callers make up, the figures stay as many as before. */
import t from 'tap';
import { Metrics } from '../../src/http/metrics.js';
import { testApp } from '../support/test-app.js';

const USERS = 10_000;
const MOST_SERIES = 5_000;
t.setTimeout(240_000);

t.test('after 10,000 users, unknown paths, providers and operations', async (t) => {
  const metrics = new Metrics();
  const { app, services } = await testApp(t, { metrics, change: () => ({ telemetry: metrics.telemetry }) });
  const { telemetry } = services;
  const methods = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'] as const;
  const visit = async (from: number, to: number): Promise<number> => {
    for (let i = from; i < to; i++) {
      const method = methods[i % methods.length] ?? 'GET';
      await app.inject({ method: 'GET', url: `/users/telegram:${i}/balance` });
      await app.inject({ method, url: `/made-up/${i}` });
      telemetry.rateLimitHit(`tier${i}`, `operation${i}`);
      telemetry.tokensUncollected('gift', `operation${i}`, 1);
      telemetry.paymentApplied(`provider${i}`, 'pack');
      telemetry.paymentRefunded(`provider${i}`);
    }
    const text = await metrics.registry.metrics();
    t.notMatch(text, /telegram:|made-up/);
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  };
  const before = await visit(0, 100);
  const after = await visit(100, USERS);
  t.equal(after, before, 'not one more than after the first hundred');
  t.ok(after < MOST_SERIES, `${after} series`);
  t.match(await metrics.registry.metrics(), /farebox_payments_total\{provider="other",product="pack"\} 9980/);
});
