/** GET /refusals/summary: the rows of GET /refusals, summed by code. */
import t from 'tap';
import type { RefusalTally } from '../../src/domain/refusals/refusal-tally.js';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

t.setTimeout(240_000);
const HOUR_MS = 3_600_000;

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: how often and how many users, of these hours and no others`, async (t) => {
    const { call, clock, services, keyWith } = await testApp(t, { store: await fresh(t) });
    clock.offsetMs += HOUR_MS - (clock.now() % HOUR_MS);
    const start = clock.now();
    const at = (hours: number) => new Date(start + hours * HOUR_MS).toISOString();
    const runsOut = (user: string) =>
      call('POST', '/tokens/reserve', { body: { user, operation: 'chatgpt_message', amount: 500 } });
    const sums = async (query = '') => (await call('GET', `/refusals/summary?${query}`)).body.items;
    t.strictSame(await sums(), []);
    for (const user of ['web:a', 'web:a', 'web:b']) await runsOut(user);
    await call('PUT', '/users/web:c/block', { body: { blocked: true, reason: 'x' } });
    await runsOut('web:c');
    clock.offsetMs += HOUR_MS;
    await runsOut('web:a');
    await (services.refused as RefusalTally).write();
    t.strictSame(await sums(), [
      { code: 'insufficient-tokens', count: 4, users: 2 },
      { code: 'user-blocked', count: 1, users: 1 },
    ]);
    t.strictSame(await sums(`from=${at(1)}`), [{ code: 'insufficient-tokens', count: 1, users: 1 }]);
    t.match(await sums(`from=${at(0)}&to=${at(1)}`), [{ count: 3, users: 2 }, { count: 1 }]);
    t.strictSame(await sums(`to=${at(0)}`), []);
    const { items } = (await call('GET', '/refusals')).body;
    const all = (await sums()).reduce((sum: number, { count }: Json) => sum + count, 0);
    t.equal(
      items.reduce((sum: number, { count }: Json) => sum + count, 0),
      all,
      'what the list has',
    );
    t.equal((await call('GET', `/refusals/summary?from=${at(1)}&to=${at(0)}`)).body.errors[0].field, 'to');
    t.equal((await call('GET', '/refusals/summary?from=yesterday')).body.errors[0].field, 'from');
    t.equal((await call('GET', '/refusals/summary', { key: await keyWith('tokens') })).status, 403);
  });
}
