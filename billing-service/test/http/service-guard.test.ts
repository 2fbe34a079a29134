import t from 'tap';
import { makeApiKey } from '../../src/domain/keys/api-key.js';
import { ApiKeyring } from '../../src/domain/keys/api-keyring.js';
import type { Services } from '../../src/http/services.js';
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

t.test(
  'past the limit of wrong keys, unknown keys cost one query a second, however many they are',
  async (t) => {
    const watch = { nowMs: 0, queries: 0 };
    /** With a clock of its own, and every query about keys counted. */
    const watched = ({ apiKeys, bus, clock }: Services) => {
      const counting = <A, R>(query: (argument: A) => R) => {
        return (argument: A): R => {
          watch.queries += 1;
          return query(argument);
        };
      };
      const store = Object.assign(Object.create(apiKeys), {
        findByHash: counting((hash: string) => apiKeys.findByHash(hash)),
        liveHashes: counting((limit: number) => apiKeys.liveHashes(limit)),
      });
      return {
        keyring: new ApiKeyring({ store, bus, clock, adminKey: ADMIN_KEY, nowMs: () => watch.nowMs }),
      };
    };
    const guard = { failedAuthenticationsPerMinute: 3 };
    const { call, keyWith, clock } = await testApp(t, { guard, change: watched });
    const cold = await keyWith('tokens');
    const guess = async () => {
      const { key } = makeApiKey({ name: 'x', scopes: ['admin'], expiresAt: null }, clock.now());
      return (await call('GET', '/tiers', { key })).status;
    };
    const queriesFor = async (count: number): Promise<number> => {
      const before = watch.queries;
      for (let i = 0; i < count; i++) t.equal(await guess(), 429);
      return watch.queries - before;
    };
    for (let i = 0; i < 3; i++) t.equal(await guess(), 401);
    t.equal(await guess(), 429, 'now it is past the limit');
    t.equal(await queriesFor(50), 1);
    watch.nowMs += 1_000;
    t.equal(await queriesFor(50), 1, 'and one more in the next second');
    t.equal((await call('GET', '/tiers', { key: cold })).status, 200, 'a valid key that nobody has used yet');
    t.equal((await call('GET', '/tiers')).status, 200, 'the admin key, which is in no table');
    const made = await call('POST', '/api-keys', { body: { name: 'new', scopes: ['tokens'] } });
    t.equal((await call('GET', '/tiers', { key: made.body.key })).status, 200, 'one made a moment ago');
    await call('DELETE', `/api-keys/${made.body.id}`);
    t.equal((await call('GET', '/tiers', { key: made.body.key })).status, 429, 'but not once it is revoked');
  },
);

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
