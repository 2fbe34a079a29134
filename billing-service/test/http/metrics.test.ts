import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Gauge } from 'prom-client';
import t from 'tap';
import { Metrics } from '../../src/http/metrics.js';

t.test('a figure that cannot be read is a 500 and one report; the next reading is whole again', async (t) => {
  const metrics = new Metrics();
  let isBroken = true;
  new Gauge({
    ...{ name: 'farebox_broken', help: 'Fails when asked', registers: [metrics.registry] },
    collect() {
      if (isBroken) throw new Error('no figure');
    },
  });
  const reports: unknown[] = [];
  const server = metrics.server((error) => reports.push(error)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;

  t.equal((await fetch(url)).status, 500);
  t.match(reports, [/no figure/]);
  isBroken = false;
  const answer = await fetch(url);
  t.equal(answer.status, 200);
  t.match(answer.headers.get('content-type'), 'text/plain');
  t.match(await answer.text(), 'farebox_broken 0');
});

t.test('a watched figure is asked at each reading, and what is gone is gone', async (t) => {
  const metrics = new Metrics();
  let queues: Record<string, number> = { reserve: 3, slow: 1 };
  metrics.watch('gauge', {
    ...{ name: 'farebox_test_calls', help: 'Asked', labelNames: ['queue'] },
    read: () => Object.entries(queues).map(([queue, calls]) => [{ queue }, calls] as const),
  });
  t.match(await metrics.registry.metrics(), /^farebox_test_calls\{queue="slow"\} 1$/m);
  queues = { reserve: 0 };
  const text = await metrics.registry.metrics();
  t.match(text, /^farebox_test_calls\{queue="reserve"\} 0$/m);
  t.notMatch(text, 'queue="slow"');
});
