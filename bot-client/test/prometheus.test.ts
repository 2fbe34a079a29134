/** A real Prometheus reads a bot at work: every panel about it has data; then its world goes wrong, and alerts fire. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { dashboardPanels } from '../../billing-service/test/support/dashboard-panels.js';
import { figuresInDocs } from '../../billing-service/test/support/named-figures.js';
import { type Prometheus, startPrometheus } from '../../billing-service/test/support/start-prometheus.js';
import { required, whereFound } from '../../billing-service/test/support/test-environment.js';
import { Town } from './support/town.js';

t.setTimeout(400_000);
const OLD = { title: 'Old', description: 'Old', payload: 'old-plan', currency: 'XTR', amount: 5 };
const address = (town: Town) => `127.0.0.1:${town.bot?.metricsPort}`;
const read = async (town: Town) => (await fetch(`http://${address(town)}/metrics`)).text();

async function fires(prometheus: Prometheus, alert: string, hurt: () => unknown): Promise<boolean> {
  while (!(await prometheus.firing()).includes(alert)) {
    await hurt();
    await pause(500);
  }
  return true;
}

t.test('docs/operations.md names every figure of the bot, and no other', async (t) => {
  const text = await read(await Town.open(t));
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  t.same(
    figuresInDocs()
      .filter((name) => name.startsWith('farebox_bot_'))
      .sort(),
    names.filter((name) => !/^(nodejs|process)_/.test(name)).sort(),
  );
  t.match(
    text,
    /^farebox_bot_service_calls_total\{outcome="unauthorized"\} 0$/m,
    'so that the first one shows',
  );
});

t.test('promtool check metrics finds nothing', whereFound('TEST_PROMETHEUS', 'prometheus'), async (t) => {
  const promtool = join(dirname(required('TEST_PROMETHEUS')), 'promtool');
  const input = await read(await Town.open(t));
  t.equal(execFileSync(promtool, ['check', 'metrics'], { input, encoding: 'utf8' }), '');
});

t.test('a real Prometheus and a bot', whereFound('TEST_PROMETHEUS', 'prometheus'), async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 100_000);
  await town.scene(ann, () => ann.says('/start'));
  const prometheus = await startPrometheus(t, { 'farebox-bot': address(town) });

  await t.test('each query of the dashboard about it returns data', async (t) => {
    const queries = dashboardPanels().flatMap((panel) => panel.queries);
    let empty = queries.filter((query) => query.includes('farebox_bot_'));
    t.ok(empty.length > 8, 'the queries were found');
    for (let round = 0; empty.length > 0; round++) {
      town.telegram.faults.order({ method: 'sendMessage', kind: 'refuse', code: 429, retryAfterSeconds: 1 });
      await town.scene(ann, () => ann.says(`question ${round}`));
      const counts = await Promise.all(empty.map((query) => prometheus.count(query)));
      empty = empty.filter((_, i) => counts[i] === 0);
      if (round % 20 === 19) t.comment(`no data yet: ${empty.join('\n')}`);
    }
    t.same(await prometheus.firing(), [], 'all is well so far');
  });

  await t.test('a refused payment, a revoked key and a token in use elsewhere are seen', async (t) => {
    ann.charged(OLD, true);
    t.ok(await fires(prometheus, 'FareboxPaymentRefused', () => {}));
    const shutOut = () => {
      town.gate.order({ path: /./, kind: 'status', status: 401, code: 'unauthorized' });
      ann.says('hello');
    };
    t.ok(await fires(prometheus, 'FareboxBotShutOut', shutOut));
    town.gate.calm();
    const conflict = () => {
      town.telegram.faults.order({ method: 'sendMessage', kind: 'refuse', code: 409 });
      ann.says('/terms');
    };
    t.ok(await fires(prometheus, 'FareboxTelegramRefuses', conflict));
    town.telegram.faults.clear();
  });
});
