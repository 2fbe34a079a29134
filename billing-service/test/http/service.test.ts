/** GET /service: what runs, without a secret; who else is there. */
import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { readConfig } from '../../src/config.js';
import { Presence } from '../../src/jobs/presence.js';
import { shownSettings } from '../../src/shown-settings.js';
import { SetClock } from '../support/farebox.js';
import { LocalBus } from '../support/local-bus.js';
import { ownRedisUrl } from '../support/own-redis.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { projectFile } from '../support/project-file.js';
import { startService } from '../support/start-service.js';
import { type Json, testApp } from '../support/test-app.js';

t.setTimeout(240_000);

t.test('settings are shown as they are in force, and no secret is', async (t) => {
  const shown = shownSettings(
    readConfig({
      DATABASE_URL: 'postgres://owner:hunter2@db.example:5432/farebox?password=hunter3',
      REDIS_URL: 'redis://:hunter4@cache.example:6379',
      ADMIN_API_KEY: 'hunter5-hunter5-hunter5-hunter5-hunter5',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:hunter6@otel.example/v1?token=hunter7',
    }),
  );
  t.notMatch(JSON.stringify(shown), 'hunter');
  const values = Object.fromEntries(shown.map(({ name, value }) => [name, value]));
  t.match(values, {
    DATABASE_URL: 'postgres://db.example:5432/farebox',
    REDIS_URL: 'redis://cache.example:6379',
    ADMIN_API_KEY: '***',
    PORT: '3000',
    TRUST_PROXY: null,
  });
  const ofService = projectFile('billing-service/src/config.ts').match(/'[A-Z][A-Z_]{3,}'/g) ?? [];
  const names = new Set(ofService.map((name) => name.slice(1, -1)));
  t.strictSame(Object.keys(values).sort(), [...names].sort(), 'every setting that config.ts reads');
});

t.test(
  'an instance is seen by the others while it says so, and no longer; at most 200 of them',
  async (t) => {
    const bus = new LocalBus();
    const clock = new SetClock(0);
    const one = new Presence({ bus, clock, version: '1' });
    const other = new Presence({ bus, clock, version: '2' });
    t.equal(one.seen().length, 1, 'itself');
    other.start();
    await other.stop();
    t.match(one.seen(), [{ version: '1' }, { version: '2' }]);
    t.equal(other.seen().length, 1, 'nobody hears of oneself twice');
    for (let i = 0; i < 300; i++)
      bus.publish({ kind: 'instance', id: `made-up-${i}`, host: 'x', version: '1', startedAt: 0 });
    t.equal(one.seen().length, 201);
  },
);

t.test('by support, and by nobody less; of an embedded database there are no connections', async (t) => {
  const { call, keyWith } = await testApp(t);
  const answer = await call('GET', '/service', { key: await keyWith('support') });
  t.match(answer, { status: 200, body: { database: 'pglite', settings: [], instances: [{}] } });
  t.equal((await call('GET', '/service', { key: await keyWith('users') })).status, 403);
});

t.test('two that share a Redis hear of each other', async (t) => {
  const settings = { DATABASE_URL: await createTestDatabase(t), REDIS_URL: ownRedisUrl() };
  const [one, other] = [await startService(t, settings), await startService(t, settings)];
  const seen = async ({ url }: { url: string }): Promise<Json> => {
    const headers = { authorization: `Bearer ${one.adminKey}` };
    return (await fetch(`${url}/service`, { headers })).json() as Json;
  };
  await until(async () => (await seen(one)).instances.length === 2);
  await until(async () => (await seen(other)).instances.length === 2);
  const { instances, pools, database } = await seen(one);
  t.equal(new Set(instances.map(({ id }: Json) => id)).size, 2);
  t.equal(database, 'postgres');
  t.ok(pools.length > 0 && pools.every(({ most }: Json) => most >= 1));
});
