import { readFileSync } from 'node:fs';
import t from 'tap';
import { readConfig } from '../src/config.js';

t.test('without settings everything has its documented default', async (t) => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  const documented = Object.fromEntries(
    [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  t.strictSame(readConfig(documented), readConfig({}), '.env.example holds the defaults');
  const asked = new Set<string>();
  const spy = new Proxy({}, { get: (_target, name) => void asked.add(String(name)) });
  readConfig(spy);
  asked.delete('NODE_ENV');
  for (const name of asked) t.ok(name in documented, `.env.example names ${name}`);
});

t.test('a bad setting is named, and a secret one is not repeated', async (t) => {
  const bad: [name: string, value: string][] = [
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['METRICS_PORT', '-1'],
    ['DATABASE_URL', 'mysql://me:hunter2secret@db/x'],
    ['REDIS_URL', 'hunter2secret'],
    ['REDIS_URL', 'redis://:hunter2secret@a:1,hunter2secret'],
    ['REDIS_URL', 'redis://a:7000,redis://b:7000'],
    ['REDIS_CLUSTER', '1'],
    ['REDIS_CLUSTER', 'true'],
    ['ADMIN_API_KEY', 'hunter2secret'],
    ['ADMIN_API_KEY', `hunter2secret with spaces ${'x'.repeat(32)}`],
    ['LOG_LEVEL', 'loud'],
    ['TEST_CLOCK', 'yes'],
    ['PG_POOL_SIZE', '0'],
    ['PG_PREPARED', '1'],
    ['TRUST_PROXY', 'everybody'],
    ['TRUST_PROXY', '10.0.0.0/8,'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['WEBHOOK_ALLOW_CIDRS', 'inside'],
  ];
  for (const [name, value] of bad) {
    t.throws(() => readConfig({ [name]: value }), { message: new RegExp(`^${name}: [^\n]+$`) });
    t.doesNotThrow(() => readConfig({ [name]: '' }), 'empty is not set');
    try {
      readConfig({ [name]: value });
    } catch (error) {
      t.notMatch((error as Error).message, /hunter2secret/);
    }
  }
});

t.test('all bad settings are told at once', async (t) => {
  t.throws(() => readConfig({ PORT: 'http', REDIS_CLUSTER: 'true', LOG_LEVEL: 'loud' }), {
    message: /^PORT: [^\n]+\nREDIS_CLUSTER: [^\n]+\nLOG_LEVEL: [^\n]+$/,
  });
});

t.test('the test clock is refused in production', async (t) => {
  t.throws(() => readConfig({ TEST_CLOCK: 'true', NODE_ENV: 'production' }), { message: /^TEST_CLOCK: / });
  t.ok(readConfig({ TEST_CLOCK: 'true' }).testClock);
});

t.test(
  'a Redis Cluster is named by some of its nodes, which are alike but for their addresses',
  async (t) => {
    const cluster = (REDIS_URL: string) => readConfig({ REDIS_URL, REDIS_CLUSTER: 'true' }).redis;
    const [a, b] = ['redis://me:pw@a:7000', 'redis://me:pw@b:7001'];
    t.same(cluster(`${a}, ${b}`), { urls: [a, b], cluster: true });
    t.same(cluster('rediss://one:6379'), { urls: ['rediss://one:6379'], cluster: true });
    t.same(readConfig({ REDIS_URL: 'redis://one:6379/3' }).redis, {
      urls: ['redis://one:6379/3'],
      cluster: false,
    });
    for (const bad of [`${a},rediss://me:pw@b:7001`, `${a},redis://b:7001`, 'redis://a:7000/1', `${a},`]) {
      t.throws(() => cluster(bad), { message: /^REDIS_URL: [^\n]+$/ });
    }
  },
);
