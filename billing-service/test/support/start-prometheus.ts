/** A real Prometheus on a port and a folder of its own, with deploy's alerts; ended with the test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../common/test/support/until.js';
import { freePort } from './free-port.js';
import { projectFile } from './project-file.js';
import { temporaryFolder } from './start-service.js';
import { required, type Teardown } from './test-environment.js';

type Labels = Record<string, string>;

export interface Prometheus {
  /** How many series the query gives now. */
  count(query: string): Promise<number>;
  /** Names of the alerts that fire now. */
  firing(): Promise<string[]>;
}

/**
 * What it reads, every second: for each job, `host:port`. Alerts fire at once: how long they wait is promtool's to test.
 */
export async function startPrometheus(t: Teardown, targets: Record<string, string>): Promise<Prometheus> {
  const folder = temporaryFolder(t);
  const address = `127.0.0.1:${await freePort()}`;
  configure(folder, targets);
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ];
  const child = spawn(required('TEST_PROMETHEUS'), args, { stdio: 'ignore' });
  const ended = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const ask = async <T>(path: string): Promise<T> => {
    const answer = (await (await fetch(`http://${address}/api/v1/${path}`)).json()) as { data: T };
    return answer.data;
  };
  const isReady = async () => (await fetch(`http://${address}/-/ready`).catch(() => undefined))?.ok === true;
  if (!(await until(isReady, { everyMs: 100 }))) throw new Error('prometheus did not start');
  return {
    count: async (query) => {
      const { result } = await ask<{ result: unknown[] }>(`query?query=${encodeURIComponent(query)}`);
      return result.length;
    },
    firing: async () => {
      const { alerts } = await ask<{ alerts: { state: string; labels: Labels }[] }>('alerts');
      return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname ?? '');
    },
  };
}

function configure(folder: string, targets: Record<string, string>): void {
  const rules = projectFile('deploy/prometheus/farebox-rules.yml').replaceAll(/for: \w+$/gm, 'for: 0s');
  writeFileSync(join(folder, 'farebox-rules.yml'), rules);
  const settings = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['farebox-rules.yml'],
    scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
      ...{ job_name, static_configs: [{ targets: [target] }] },
    })),
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(settings));
}
