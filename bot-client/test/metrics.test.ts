import t from 'tap';
import { Metrics, MetricsServer } from '../src/metrics.js';

t.test('a figure that cannot be read is a 500 and one report, and the bot goes on', async (t) => {
  const metrics = new Metrics();
  let isBroken = true;
  metrics.watch('farebox_bot_broken', 'Fails when asked', () => {
    if (isBroken) throw new Error('no figure');
    return 7;
  });
  const reports: unknown[] = [];
  const server = new MetricsServer(
    metrics,
    () => true,
    (error) => reports.push(error),
  );
  await server.start('127.0.0.1', 0);
  t.teardown(() => server.stop());
  const url = `http://127.0.0.1:${server.port}`;

  t.equal((await fetch(`${url}/metrics`)).status, 500);
  t.match(reports, [/no figure/]);
  t.equal((await fetch(`${url}/readyz`)).status, 200, 'it goes on');
  isBroken = false;
  t.match(await (await fetch(`${url}/metrics`)).text(), 'farebox_bot_broken 7');
});
