import t from 'tap';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

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
  const answers = await Promise.all(Array.from({ length: 12 }, () => call('GET', '/tiers')));
  const refused = answers.filter(({ status }) => status === 429);
  // Seven, or two where they met the turn of a second.
  t.ok(refused.length >= 2, `${refused.length} of 12 at once are over a ceiling of 5`);
  t.match(refused[0], { body: { code: 'too-many-requests' }, headers: { 'retry-after': '1' } });
  const passed = await call('GET', '/tiers', { key: other });
  t.equal(passed.status, 200);
  t.notOk(passed.headers['x-ratelimit-limit'], 'no header of an old draft');
});

t.test('a key is read in whichever way RFC 9110 lets its caller write it', async (t) => {
  const { call } = await testApp(t);
  for (const scheme of ['Bearer ', 'bearer ', 'BEARER  ']) {
    for (const time of ['first', 'second']) {
      const headers = { authorization: `${scheme}${ADMIN_KEY}` };
      t.equal(
        (await call('GET', '/tiers', { key: null, headers })).status,
        200,
        `${scheme}, the ${time} time`,
      );
    }
  }
  for (const authorization of [
    `Basic ${ADMIN_KEY}`,
    ADMIN_KEY,
    `Bearer ${ADMIN_KEY} `.repeat(2),
    'Bearer ',
  ]) {
    t.equal(
      (await call('GET', '/tiers', { key: null, headers: { authorization } })).status,
      401,
      authorization,
    );
  }
});
