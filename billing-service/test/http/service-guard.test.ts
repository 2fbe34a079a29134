import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('an address that guesses keys is held up, a valid key from there passes', async (t) => {
  const { call } = await testApp(t, { guard: { failedAuthenticationsPerMinute: 3 } });
  for (let i = 0; i < 3; i++) t.equal((await call('GET', '/tiers', { key: `guess-${i}` })).status, 401);
  const held = await call('GET', '/tiers', { key: 'guess-4' });
  t.match(held, { status: 429, body: { code: 'too-many-requests' } });
  t.ok(Number(held.headers['retry-after']) > 0);
  t.equal((await call('GET', '/tiers')).status, 200, 'the admin key from the same address');
  t.equal((await call('GET', '/tiers', { key: null })).status, 401, 'no key guesses nothing');
});

t.test('one key has a ceiling, and no other key suffers from it', async (t) => {
  const { call, keyWith } = await testApp(t, { guard: { requestsPerKeyPerSecond: 5 } });
  const other = await keyWith('tokens');
  const statuses = await Promise.all(
    Array.from({ length: 8 }, async () => (await call('GET', '/tiers')).status),
  );
  const refused = statuses.filter((status) => status === 429).length;
  t.ok(refused >= 3, `${refused} of 8 at once are over a ceiling of 5`);
  const passed = await call('GET', '/tiers', { key: other });
  t.equal(passed.status, 200);
  t.notOk(passed.headers['x-ratelimit-limit'], 'no header of an old draft');
});
