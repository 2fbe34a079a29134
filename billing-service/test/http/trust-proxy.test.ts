import t from 'tap';
import { testApp } from '../support/test-app.js';

const PROXY = '10.1.2.3';
const guard = { failedAuthenticationsPerMinute: 3 };

t.test('wrong keys count by the caller’s own address', async (t) => {
  const guesses = async (
    trustProxy: string[] | undefined,
    remoteAddress: string,
    forwarded: (i: number) => string,
  ) => {
    const { app } = await testApp(t, { guard, ...(trustProxy ? { trustProxy } : {}) });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) {
      const headers = { authorization: `Bearer guess-${i}`, 'x-forwarded-for': forwarded(i) };
      statuses.push((await app.inject({ method: 'GET', url: '/tiers', headers, remoteAddress })).statusCode);
    }
    return statuses;
  };
  const held = [401, 401, 401, 429, 429];
  const free = [401, 401, 401, 401, 401];
  const trusted = ['10.0.0.0/8', '::1'];

  t.same(
    await guesses(trusted, PROXY, (i) => `203.0.113.${i}`),
    free,
    'callers behind a trusted proxy are many',
  );
  t.same(await guesses(trusted, PROXY, () => '203.0.113.1'), held, 'one of them is one');
  t.same(
    await guesses(trusted, PROXY, (i) => `198.51.100.${i}, 203.0.113.1`),
    held,
    'what the caller wrote before the proxy’s own word is not believed',
  );
  t.same(await guesses(trusted, PROXY, (i) => `203.0.113.${i}, 10.9.9.9`), free, 'through two trusted ones');
  t.same(
    await guesses(trusted, '192.0.2.1', (i) => `203.0.113.${i}`),
    held,
    'nobody else may name an address',
  );
  t.same(await guesses(undefined, PROXY, (i) => `203.0.113.${i}`), held, 'by default nobody may');
});
