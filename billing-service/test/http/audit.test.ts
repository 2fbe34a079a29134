import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('the audit says how much it compared, and refuses what it cannot follow', async (t) => {
  const { call } = await testApp(t);
  const grant = { user: 'web:a', amount: 5, source: 'promo', reason: 'test' };
  await call('POST', '/tokens/grant', { body: grant, headers: { 'idempotency-key': 'k' } });
  const { status, body } = await call('GET', '/audit?seconds=60');
  t.equal(status, 200);
  t.strictSame(body, { accounts: 1, entries: 1, mismatches: [] }, 'all at once: no nextCursor');
  const after = (place: string) => Buffer.from(`audit:${place}`).toString('base64url');
  t.strictSame((await call('GET', `/audit?cursor=${after('1.0')}`)).body, {
    ...{ accounts: 0, entries: 0, mismatches: [] },
  });
  for (const cursor of ['nonsense', after('1'), after('-1.0'), Buffer.from('user:1').toString('base64url')]) {
    t.match(await call('GET', `/audit?cursor=${cursor}`), {
      status: 400,
      body: { errors: [{ field: 'cursor' }] },
    });
  }
  for (const seconds of ['0', '301', 'x'])
    t.equal((await call('GET', `/audit?seconds=${seconds}`)).status, 400, seconds);
});
