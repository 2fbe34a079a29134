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
    ['ADMIN_API_KEY', 'hunter2secret'],
    ['ADMIN_API_KEY', `hunter2secret with spaces ${'x'.repeat(32)}`],
    ['LOG_LEVEL', 'loud'],
    ['TEST_CLOCK', 'yes'],
    ['PG_POOL_SIZE', '0'],
    ['PG_PREPARED', '1'],
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

t.test('the test clock is refused in production', async (t) => {
  t.throws(() => readConfig({ TEST_CLOCK: 'true', NODE_ENV: 'production' }), { message: /^TEST_CLOCK: / });
  t.ok(readConfig({ TEST_CLOCK: 'true' }).testClock);
});
