/** What stands in .env reaches the containers: a setting that docker-compose.yml dropped would be ignored in silence. */
import { parseEnv } from 'node:util';
import t from 'tap';
import { parse } from 'yaml';
import { projectFile } from '../support/project-file.js';

type Environment = Record<string, string | number>;

const compose = parse(projectFile('docker-compose.yml')) as {
  services: Record<string, { environment?: Environment }>;
};
const [ofService = '', ofBot = ''] = projectFile('.env.example').split(/^# --- The Telegram bot .*$/m);

/** What the containers decide: where they listen and keep files inside, and how they find each other. */
const DECIDED: Record<string, string[]> = {
  'billing-service': [
    ...['HOST', 'PORT', 'METRICS_HOST', 'METRICS_PORT', 'DATA_DIR'],
    ...['DATABASE_URL', 'REDIS_URL', 'REDIS_CLUSTER'],
  ],
  bot: [
    'BILLING_URL',
    'WEBHOOK_HOST',
    'WEBHOOK_PORT',
    'BOT_METRICS_HOST',
    'BOT_METRICS_PORT',
    'BOT_DATA_DIR',
  ],
};
/** Settings of docker-compose.yml itself. */
const OF_COMPOSE = ['POSTGRES_PASSWORD'];

/** The names that a container neither gets from .env nor has a value of its own for. */
function dropped(service: string, example: string, environment: Environment): string[] {
  return Object.keys(parseEnv(example)).filter((name) => {
    const value = String(environment[name] ?? '');
    if (OF_COMPOSE.includes(name)) return false;
    return DECIDED[service]?.includes(name) ? value === '' : !value.startsWith(`\${${name}:`);
  });
}

for (const [service, example] of [
  ['billing-service', ofService],
  ['bot', ofBot],
] as const) {
  t.test(`docker-compose.yml gives ${service} every setting that .env.example names`, async (t) => {
    const environment = compose.services[service]?.environment ?? {};
    t.ok(Object.keys(parseEnv(example)).length > 10, 'its settings were found');
    t.same(dropped(service, example, environment), []);
    const [first = ''] = Object.keys(parseEnv(example)).filter((name) => !DECIDED[service]?.includes(name));
    t.same(dropped(service, example, { ...environment, [first]: '' }), [first], 'and a missing one is seen');
  });

  t.test(`${service} gets nothing in docker-compose.yml that .env.example does not name`, async (t) => {
    const names = Object.keys(parseEnv(example));
    const given = Object.keys(compose.services[service]?.environment ?? {});
    t.same(
      given.filter((name) => !names.includes(name)),
      [],
    );
  });
}
