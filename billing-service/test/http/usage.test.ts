/** `GET /usage` before and after the entries are rolled up: the same figures, on both databases. */
import t, { type Test } from 'tap';
import { rollUp } from '../readers/roll-up.js';
import { BOTH } from '../support/databases.js';
import { type Json, type TestApp, testApp } from '../support/test-app.js';

t.setTimeout(120_000);
const HOUR_MS = 3_600_000;

/** A charge of `amount`, as if it were `at`; the clock only goes forward. */
async function charge({ call, clock }: TestApp, at: string, amount: number, about = {}): Promise<void> {
  clock.offsetMs += Date.parse(at) - clock.now();
  const body = { user: 'web:ada', operation: 'chatgpt_message', ...about };
  const held = await call('POST', '/tokens/reserve', { body });
  await call('POST', '/tokens/commit', { body: { reservationId: held.body.reservationId, amount } });
}

/** The rows, but for figures that are 0. */
async function rowsOf({ call }: TestApp, query: string): Promise<Json[]> {
  const { status, body } = await call('GET', `/usage?${query}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.items.map((row: Json) => Object.fromEntries(Object.entries(row).filter(([, v]) => v !== 0)));
}

const grant = ({ call }: TestApp, user: string, amount: number, expiresAt?: string) =>
  call('POST', '/tokens/grant', {
    body: { user, amount, source: 'promo', reason: 'hello', ...(expiresAt ? { expiresAt } : {}) },
    headers: { 'idempotency-key': `${user}-${amount}` },
  });

/** Two users, five charges around a midnight of Berlin at which its clocks go forward, and one that fell short. */
async function live(app: TestApp): Promise<void> {
  app.clock.offsetMs += Date.parse('2030-03-30T22:10:00Z') - app.clock.now();
  await grant(app, 'web:ada', 100, '2030-04-01T12:10:00Z');
  await grant(app, 'web:bob', 10);
  await charge(app, '2030-03-30T22:30:00Z', 1, { model: 'gpt-5' });
  await charge(app, '2030-03-30T23:30:00Z', 2);
  await charge(app, '2030-03-31T21:30:00Z', 4);
  await charge(app, '2030-03-31T22:30:00Z', 8, { operation: 'image_generation' });
  await charge(app, '2030-03-31T22:40:00Z', 50, { operation: 'image_generation', user: 'web:bob' });
}

async function figures(t: Test, app: TestApp): Promise<void> {
  const are = async (query: string, rows: Json[], message: string) =>
    t.strictSame(await rowsOf(app, query), rows, message);
  const all = { commits: 5, charged: 25, uncollected: 40, granted: 110 };
  await are('', [all], 'all in one row');
  await are('by=tier', [{ tier: 'gift', ...all }], 'by tier');
  const ada = 'user=web:ada&operation=chatgpt_message';
  await are(
    `by=hour&${ada}`,
    [
      { hour: '2030-03-30T22:00:00.000Z', commits: 1, charged: 1 },
      { hour: '2030-03-30T23:00:00.000Z', commits: 1, charged: 2 },
      { hour: '2030-03-31T21:00:00.000Z', commits: 1, charged: 4 },
    ],
    'by the hour, oldest first',
  );
  await are(
    'by=day&operation=chatgpt_message&timezone=Europe/Berlin',
    [
      { day: '2030-03-30', commits: 1, charged: 1 },
      { day: '2030-03-31', commits: 2, charged: 6 },
    ],
    'days of Berlin, which is an hour ahead on the first and two on the second',
  );
  await are(
    'by=month,operation&from=2030-03-30T23:00:00Z&timezone=Europe/Berlin',
    [
      { month: '2030-03', operation: 'chatgpt_message', commits: 2, charged: 6 },
      { month: '2030-04', operation: 'image_generation', commits: 2, charged: 18, uncollected: 40 },
    ],
    'months of Berlin',
  );
  await are(
    'by=user&from=2030-03-01T00:00:00Z&to=2030-03-31T22:00:00Z',
    [
      { user: 'web:ada', commits: 3, charged: 7, granted: 100 },
      { user: 'web:bob', granted: 10 },
    ],
    'by user, of a part of a month: who was charged most is first',
  );
  await are(
    'by=model&user=web:ada',
    [
      { model: null, commits: 3, charged: 14, granted: 100 },
      { model: 'gpt-5', commits: 1, charged: 1 },
    ],
    'by model',
  );
  await are('by=day&model=gpt-4', [], 'a model that nobody used');
  await are('from=2030-03-30T23:00:00Z&to=2030-03-30T23:00:00Z', [{}], 'no hour at all');
  await are('user=web:nobody', [{}], 'a user who is not there');
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const app = await testApp(t, { store });
    const database = await store.open();
    await live(app);
    const { asOf } = (await app.call('GET', '/usage')).body;
    t.ok(Math.abs(Date.parse(asOf) - app.clock.now()) < 60_000, 'asOf is now');

    await t.test('while nothing is rolled up', (t) => figures(t, app));
    await rollUp(database);
    await t.test('when all is rolled up', (t) => figures(t, app));

    await t.test('what is settled late counts in the hour in which it was due', async (t) => {
      app.clock.offsetMs += 40 * HOUR_MS;
      await grant(app, 'web:bob', 7);
      await rollUp(database);
      const hour = 'by=hour&from=2030-04-01T12:00:00Z&to=2030-04-01T13:00:00Z';
      t.strictSame(await rowsOf(app, hour), [], 'the grant has ended, and nobody has looked');
      await grant(app, 'web:ada', 1);
      for (const when of ['live', 'rolled up']) {
        t.strictSame(await rowsOf(app, hour), [{ hour: '2030-04-01T12:00:00.000Z', expired: 85 }], when);
        t.strictSame(await rowsOf(app, `${hour}&user=web:ada`), await rowsOf(app, hour), 'of the user');
        t.strictSame(await rowsOf(app, hour.replace('hour', 'user')), [{ user: 'web:ada', expired: 85 }]);
        await rollUp(database);
      }
    });

    await t.test('page by page: every row once, in one order', async (t) => {
      const query = 'by=hour,user';
      const whole = (await app.call('GET', `/usage?${query}`)).body.items;
      const pages: Json[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await app.call('GET', `/usage?${query}&limit=2${cursor}`);
        t.ok(body.items.length <= 2);
        pages.push(...body.items);
        if (!body.nextCursor) break;
        cursor = `&cursor=${body.nextCursor}`;
      }
      t.ok(whole.length > 4);
      t.strictSame(pages, whole);
    });
  });
}
