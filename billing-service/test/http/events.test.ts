/** GET /events: pages, cursors, filters, the wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { Json, TestApp } from '../support/test-app.js';
import { DAY_MS, grant, toldApp, USER } from './told-app.js';

async function spend({ call }: Pick<TestApp, 'call'>, amount: number): Promise<string> {
  const held = await call('POST', '/tokens/reserve', {
    body: { user: USER, operation: 'chatgpt_message', amount, model: 'gpt-5' },
  });
  const { reservationId } = held.body;
  await call('POST', '/tokens/commit', { body: { reservationId } });
  return reservationId;
}

t.test('an event has what a bot needs, and a charge tells each mark that the total fell below', async (t) => {
  const app = await toldApp(t);
  await app.call('PUT', `/users/${USER}`, { body: { locale: 'de' } });
  await grant(app);
  const reservationId = await spend(app, 12);
  const items = await app.events();
  t.strictSame(
    items.map(({ type, sequence, data }) => [type, sequence, data.threshold?.tokens ?? null]),
    [
      ['user.created', 1, null],
      ['tokens.granted', 2, null],
      ['reservation.committed', 3, null],
      ['tokens.low', 4, 10],
      ['tokens.low', 5, 5],
      ['tokens.exhausted', 6, null],
    ],
  );
  const common = { user: USER, locale: 'de', renewsAt: null };
  t.match(items[1].data, { ...common, amount: 12, source: 'promo', sequence: 2 });
  t.strictSame(items[1].data.balance, { available: 12, reserved: 0, total: 12 }, 'the one after its entry');
  t.match(items[2].data, {
    ...{ ...common, reservationId, operation: 'chatgpt_message', model: 'gpt-5', amount: 12 },
    ...{ balance: { available: 0, reserved: 0, total: 0 }, affordable: { chatgpt_message: 0 } },
  });
  t.match(items[3].data.threshold, { tokens: 10, period: false, operations: ['image_generation'] });
  t.strictSame(await app.events(), items, 'told again it is the same');
});

t.test('pages: nextCursor in every answer, nothing twice and nothing left out', async (t) => {
  const app = await toldApp(t);
  const nothing = await app.call('GET', '/events');
  t.match(nothing.body, { items: [], nextCursor: String });
  for (let i = 1; i <= 5; i++) await grant(app, { amount: i });
  await app.tell();
  const read: number[] = [];
  let after = nothing.body.nextCursor;
  for (let i = 0; i < 4; i++) {
    const { body } = await app.call('GET', `/events?types=tokens.granted&limit=2&after=${after}`);
    read.push(...body.items.map((item: Json) => item.data.amount));
    after = body.nextCursor;
  }
  t.strictSame(read, [1, 2, 3, 4, 5]);
  const other = await app.call('GET', `/events?user=web:nobody&after=${nothing.body.nextCursor}`);
  t.strictSame(other.body.items, [], 'an unknown user has none');
  t.equal((await app.call('GET', `/events?user=${USER}`)).body.items.length, 6);
});

t.test(
  'what is refused: a forged cursor, one ahead of all events, an unknown type, one too old',
  async (t) => {
    const app = await toldApp(t);
    await grant(app);
    await app.tell();
    const { nextCursor } = (await app.call('GET', '/events?limit=1')).body;
    const ahead = Buffer.from('events:99').toString('base64url');
    for (const after of ['x', nextCursor.slice(1), ahead]) {
      const { status, body } = await app.call('GET', `/events?after=${after}`);
      t.match({ status, body }, { status: 400, body: { errors: [{ field: 'after' }] } });
    }
    const { status, body } = await app.call('GET', '/events?types=tokens.granted,nothing');
    t.match({ status, body }, { status: 400, body: { errors: [{ field: 'types' }] } });
    await app.call('POST', '/test-clock', { body: { advanceSeconds: (31 * DAY_MS) / 1000 } });
    await app.keep.runOnce();
    await grant(app, { amount: 3 });
    const late = await app.call('GET', `/events?after=${nextCursor}`);
    t.match(late, { status: 410, body: { code: 'cursor-expired' } });
    t.match(
      await app.events(),
      [{ data: { amount: 3, sequence: 3 } }],
      'and without it the oldest that is kept',
    );
  },
);

t.test('wait: an event ends it, and so does the time, and the end of the service', async (t) => {
  const app = await toldApp(t);
  const startedMs = performance.now();
  const nothing = await app.call('GET', '/events?wait=1');
  t.strictSame(nothing.body.items, []);
  t.ok(performance.now() - startedMs >= 990, 'waited as long as was asked');
  const waiting = app.call('GET', '/events?wait=25');
  while (app.services.news.waiting === 0) await sleep(10);
  await grant(app);
  await app.tell();
  t.match((await waiting).body.items, [{ type: 'user.created' }, { type: 'tokens.granted' }]);
  const { nextCursor } = (await app.call('GET', '/events')).body;
  const cut = app.call('GET', `/events?wait=25&after=${nextCursor}`);
  while (app.services.news.waiting === 0) await sleep(10);
  const endedMs = performance.now();
  app.services.news.close();
  t.match(await cut, { status: 200, body: { items: [], nextCursor } });
  t.ok(performance.now() - endedMs < 10_000, 'long before its time');
});

t.test('more than may wait: 503, and those who wait stay', async (t) => {
  const { services } = await toldApp(t);
  const patience = { untilMs: performance.now() + 60_000, isOver: () => false };
  const waiting = Array.from({ length: 500 }, () => services.news.wait(0, {}, patience.untilMs, patience));
  t.throws(() => services.news.wait(0, {}, patience.untilMs, patience), { name: 'OverloadedError' });
  t.equal(services.news.waiting, 500);
  services.news.close();
  t.strictSame(new Set(await Promise.all(waiting)), new Set([false]));
});
