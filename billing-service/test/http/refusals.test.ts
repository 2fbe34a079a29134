/** Who was refused what: counted beside the answers, and written a moment later. */
import t from 'tap';
import type { RefusalCount } from '../../src/domain/ports/refusal-store.js';
import { RefusalTally } from '../../src/domain/refusals/refusal-tally.js';
import { Sweeper } from '../../src/jobs/sweep.js';
import { BOTH } from '../support/databases.js';
import { SetClock } from '../support/farebox.js';
import { type Json, testApp } from '../support/test-app.js';

t.setTimeout(240_000);
const operation = 'chatgpt_message';
const HOUR_MS = 3_600_000;

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, clock, services } = await testApp(t, { store: await fresh(t) });
    const tally = services.refused as RefusalTally;
    // The beginning of an hour, so that all of it counts there.
    clock.offsetMs += HOUR_MS - (clock.now() % HOUR_MS);
    const hour = new Date(clock.now()).toISOString();
    const list = async (query = ''): Promise<Json> => {
      await tally.write();
      return call('GET', `/refusals?${query}`);
    };
    const rows = async (query = ''): Promise<[string, string, string, number][]> =>
      (await list(query)).body.items.map((row: Json) => [row.user, row.operation, row.code, row.count]);
    const reserve = (user: string, more: object = {}, key?: string) =>
      call('POST', '/tokens/reserve', {
        body: { user, operation, ...more },
        ...(key ? { headers: { 'idempotency-key': key } } : {}),
      });
    const check = (user: string, more: object = {}) =>
      call('POST', '/limits/check', { body: { user, operation, ...more } });
    const policies = [{ operation: '*', limit: 1, windowSeconds: 60 }];

    t.test('each that the API refuses, by its code; a denied check as rate-limited', async (t) => {
      t.strictSame(await rows(), []);
      await call('PUT', '/users/web:a/overrides', {
        body: { policies, maxOpenReservations: 1, reason: 'x' },
      });
      for (let i = 0; i < 3; i++) await reserve('web:a', { amount: 50 });
      await check('web:a');
      for (let i = 0; i < 2; i++) t.equal((await check('web:a')).body.allowed, false);
      t.equal((await reserve('web:a', { checkLimits: true })).status, 429);
      await reserve('web:a', { amount: 0 });
      t.equal((await reserve('web:a', { amount: 0 })).body.code, 'too-many-open-reservations');
      await call('PUT', '/users/web:b/block', { body: { blocked: true, reason: 'x' } });
      await check('web:b');
      await reserve('web:b');
      t.strictSame(await rows(), [
        ['web:a', operation, 'insufficient-tokens', 3],
        ['web:a', operation, 'rate-limited', 3],
        ['web:b', operation, 'user-blocked', 2],
        ['web:a', operation, 'too-many-open-reservations', 1],
      ]);
      t.equal((await list()).body.items[0].hour, hour);
    });

    t.test('a look, a fault of the caller and a repeated answer are none', async (t) => {
      const before = await rows();
      await check('web:a', { peek: true });
      await check('web:b', { peek: true });
      t.equal((await reserve('web:a', { operation: 'nothing' })).status, 404);
      await reserve('web:c', { amount: 0 }, 'kept');
      await call('PUT', '/users/web:c/block', { body: { blocked: true, reason: 'x' } });
      t.equal((await reserve('web:c', { amount: 0 }, 'kept')).status, 201);
      t.strictSame(await rows(), before);
    });

    t.test(
      'what was written and what comes later are one row; the next hour is another, and first',
      async (t) => {
        await check('web:b');
        t.strictSame(await rows('user=web:b'), [['web:b', operation, 'user-blocked', 3]]);
        clock.offsetMs += HOUR_MS;
        await check('web:b');
        const { items } = (await list('user=web:b')).body;
        t.match(items, [{ count: 1 }, { hour, count: 3 }]);
        t.equal(Date.parse(items[0].hour) - Date.parse(hour), HOUR_MS);
        t.strictSame(await rows(`user=web:b&to=${items[0].hour}`), [['web:b', operation, 'user-blocked', 3]]);
        t.strictSame(await rows(`from=${items[0].hour}`), [['web:b', operation, 'user-blocked', 1]]);
      },
    );

    t.test('filters, and pages of them', async (t) => {
      t.strictSame(await rows('code=insufficient-tokens'), [['web:a', operation, 'insufficient-tokens', 3]]);
      t.strictSame(await rows('operation=image_generation'), []);
      t.strictSame(await rows('user=web:nobody'), []);
      const all = await rows();
      const found: unknown[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await list(`limit=1${cursor}`);
        found.push(...body.items.map((row: Json) => [row.user, row.operation, row.code, row.count]));
        if (!body.nextCursor) break;
        cursor = `&cursor=${body.nextCursor}`;
        t.match(await list(`limit=1${cursor}&user=web:a`), { status: 400 }, 'the cursor of another list');
      }
      t.strictSame(found, all);
      t.match(await list('code=unavailable'), { status: 400, body: { errors: [{ field: 'code' }] } });
    });

    t.test('kept for 30 days, and then taken away by the sweeper', async (t) => {
      const { ledger, refusals } = services;
      const sweep = () =>
        new Sweeper({ ledger, clock, refusals, onError: (error) => t.fail(String(error)) }).runOnce();
      clock.offsetMs += 30 * 24 * HOUR_MS - HOUR_MS;
      await sweep();
      t.equal((await rows()).length, 5);
      clock.offsetMs += HOUR_MS + 1;
      await sweep();
      t.strictSame(await rows(), [['web:b', operation, 'user-blocked', 1]]);
    });
  });
}

t.test('what cannot be written is kept, within bounds, and written with the next', async (t) => {
  const clock = new SetClock(0);
  const written: RefusalCount[] = [];
  const store = {
    isAway: true,
    add: async (counts: readonly RefusalCount[]) => {
      if (store.isAway) throw new Error('away');
      written.push(...counts);
    },
  };
  const tally = new RefusalTally(store, clock);
  for (let user = 0; user < 20_010; user++) tally.note(user, operation, { kind: 'rate_limited' });
  await tally.write();
  tally.note(1, operation, { kind: 'rate_limited' });
  tally.note(1, operation, { kind: 'precondition_failed' });
  store.isAway = false;
  await tally.write();
  t.equal(written.length, 20_000);
  t.match(written[1], { userId: 1, count: 2 });
  t.match(tally.totals, { rate_limited: 20_011, uncounted: 10 }, 'what is in no row is told of');
  await tally.write();
  t.equal(written.length, 20_000, 'each once');
});
