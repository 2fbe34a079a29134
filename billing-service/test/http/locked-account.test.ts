/** Somebody else holds a user's row: that user waits in vain, nobody else notices. */
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { openSession } from '../support/held-row.js';
import { otherUsers, wasUndisturbed } from '../support/other-users.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { type TestApp, testApp } from '../support/test-app.js';

const PROMISED_MS = 5_000;
const IDLE_MS = 3_000;
const HELD_MS = 60_000;

async function farebox(t: Test) {
  const url = await createTestDatabase(t);
  const database = openPostgres({ url, preparedStatements: usualWay() === 'direct' });
  t.teardown(() => database.close());
  const app = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  const grant = (user: string) =>
    app.call('POST', '/tokens/grant', {
      body: { user, amount: 1_000, source: 'promo', reason: 'test' },
      headers: { 'idempotency-key': `grant ${user} ${Math.random()}` },
    });
  const post = (_method: 'POST', path: string, body: object) =>
    app.call('POST', path, { body, headers: { 'idempotency-key': `${path} ${Math.random()}` } });
  return { ...app, grant, post, session: await openSession(t, url) };
}

/** Each within 5 s, and 503 with Retry-After. */
async function isRefusedInTime(t: Test, what: string, ask: () => ReturnType<TestApp['call']>): Promise<void> {
  const startedAt = performance.now();
  const { status, headers, body } = await ask();
  const ms = performance.now() - startedAt;
  t.match({ status, code: body?.code }, { status: 503, code: 'unavailable' }, what);
  t.match(headers, { 'retry-after': /^\d+$/ }, what);
  t.ok(ms <= PROMISED_MS, `${what}: after ${Math.round(ms)} ms`);
}

t.setTimeout(300_000);
t.test(
  'a row held elsewhere for a minute stops its user, with 503 within 5 s, and nobody else',
  async (t) => {
    const { post, grant, session } = await farebox(t);
    const user = 'web:locked';
    await grant(user);
    const hold = { user, operation: 'chatgpt_message', amount: 1 };
    const { reservationId } = (await post('POST', '/tokens/reserve', hold)).body;
    const others = await otherUsers(t, post);
    await sleep(IDLE_MS);
    const idle = others.course();

    await session.hold(user);
    const until = performance.now() + HELD_MS;
    while (performance.now() < until) {
      await Promise.all([
        isRefusedInTime(t, 'reserve', () => post('POST', '/tokens/reserve', hold)),
        isRefusedInTime(t, 'commit', () => post('POST', '/tokens/commit', { reservationId })),
        isRefusedInTime(t, 'grant', () => grant(user)),
        sleep(500),
      ]);
    }
    wasUndisturbed(t, others.course(), idle, 'while the row is held');

    await session.release();
    t.equal((await post('POST', '/tokens/reserve', hold)).status, 201, 'released: all is well again');
    t.match(await post('POST', '/tokens/commit', { reservationId }), { status: 200 });
    t.match(await grant(user), { status: 201 });
    await others.stop();
  },
);

t.test(
  'forty accounts held elsewhere, each with a grant that waits: others are served, /readyz is 200',
  async (t) => {
    const { call, post, grant, session } = await farebox(t);
    const locked = Array.from({ length: 40 }, (_, i) => `web:locked-${i}`);
    await Promise.all(['web:free', ...locked].map(grant));
    const others = await otherUsers(t, post);
    await sleep(IDLE_MS);
    const idle = others.course();
    for (const user of locked) await session.hold(user);

    const waiting = locked.map((user) => isRefusedInTime(t, `grant to ${user}`, () => grant(user)));
    // By now it is known who is locked: a quarter of the connections waits for them, and no more.
    await sleep(2_000);
    const isReady = async () => t.equal((await call('GET', '/readyz')).status, 200, 'ready');
    await Promise.all([isReady(), isReady()]);
    for (let i = 0; i < 5; i++) t.equal((await grant('web:free')).status, 201, 'a grant to somebody else');
    await Promise.all(waiting);
    await isReady();
    wasUndisturbed(t, others.course(), idle, 'while forty are held');
    await session.release();
    await others.stop();
  },
);
