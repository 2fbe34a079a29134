/** What Prometheus reads of a service and a bot that run: named as it wants it, and all of it in the docs. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { ownRedisUrl } from '../support/own-redis.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { projectFile } from '../support/project-file.js';
import { startService } from '../support/start-service.js';
import { required, whereFound } from '../support/test-environment.js';

t.setTimeout(240_000);
const service = await startService(t, {
  DATABASE_URL: await createTestDatabase(t),
  REDIS_URL: ownRedisUrl(),
});
const read = async () => (await fetch(service.metricsUrl)).text();
const headers = { authorization: `Bearer ${service.adminKey}`, 'content-type': 'application/json' };
const post = (path: string, body: object) =>
  fetch(service.url + path, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { ...headers, 'idempotency-key': randomUUID() },
  });

const namesOf = (text: string): string[] =>
  [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);

t.test('a life of a few calls is in the figures', async (t) => {
  await post('/tokens/grant', { user: 'web:ann', amount: 50, source: 'promo', reason: 'a test' });
  const held = await post('/tokens/reserve', {
    user: 'web:ann',
    operation: 'chatgpt_message',
    ttlSeconds: 60,
  });
  const { reservationId } = (await held.json()) as { reservationId: string };
  await post('/tokens/commit', { reservationId, amount: 1_000 });
  const payment = {
    user: 'web:ann',
    provider: 'acme',
    paymentId: 'p1',
    product: { tokens: 10 },
    currency: 'EUR',
    amount: 5,
  };
  t.equal((await post('/payments', payment)).status, 201);
  t.equal((await post('/payments', payment)).status, 201, 'told twice');
  await fetch(`${service.url}/tiers`);
  t.equal((await fetch(`${service.url}/audit`, { headers })).status, 200);
  const text = await read();
  for (const line of [
    /^farebox_payments_total\{provider="acme",product="tokens"\} 1$/m,
    /^farebox_refused_requests_total\{code="unauthorized"\} 1$/m,
    /^farebox_batch_items_count\{batch="reserve"\} [1-9]/m,
    /^farebox_slow_path_total\{call="transition",reason="decided"\} 1$/m,
    /^farebox_tokens_uncollected_total\{tier="gift",operation="chatgpt_message"\} [1-9]/m,
    /^farebox_pool_limit_connections\{pool="ordinary"\} 12$/m,
    /^farebox_audit_mismatches 0$/m,
    /^farebox_invariants_broken_total\{rule="reserved-is-open-holds"\} 0$/m,
    /^farebox_limits_degraded 0$/m,
    /^farebox_cache_hits_total\{cache="key"\} [1-9]/m,
  ])
    t.match(text, line);
});

t.test('open holds are counted by the sweeper’s walk', async (t) => {
  await post('/tokens/grant', { user: 'web:bob', amount: 50, source: 'promo', reason: 'a test' });
  await post('/tokens/reserve', { user: 'web:bob', operation: 'chatgpt_message', ttlSeconds: 600 });
  let text = '';
  while (!/^farebox_open_holds 1$/m.test(text)) {
    await pause(50);
    text = await read();
  }
  t.match(text, /^farebox_held_tokens [1-9]/m);
  t.match(text, /^farebox_oldest_overdue_hold_seconds 0$/m);
});

t.test('promtool check metrics finds nothing', whereFound('TEST_PROMETHEUS', 'prometheus'), async (t) => {
  const promtool = join(dirname(required('TEST_PROMETHEUS')), 'promtool');
  t.equal(execFileSync(promtool, ['check', 'metrics'], { input: await read(), encoding: 'utf8' }), '');
});

t.test('docs/operations.md names every figure, and no other', async (t) => {
  const [, chapter = ''] = projectFile('docs/operations.md').split('\n## Figures\n');
  const [table = ''] = chapter.split('\n## ');
  const named = [...table.matchAll(/^\| `([a-z_]+)/gm)].map(([, name = '']) => name);
  const own = namesOf(await read()).filter((name) => !/^(nodejs|process)_/.test(name));
  t.same(named.filter((name) => !name.startsWith('farebox_bot_')).sort(), own.sort());
});
