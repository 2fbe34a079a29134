/**
 * Rule 5 of paid time, as a caller sees it: what a hold keeps of a refunded payment is never free, however the hold ends.
 * At every step revoked + spent + still held = given.
 */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, type TestApp, testApp } from '../support/test-app.js';

const GIVEN = 100;
t.setTimeout(240_000);

/** A user with one pack of 100 tokens, 30 of them held, whose payment was refunded since. */
async function refundedWhileHeld(app: TestApp, user: string) {
  const made = await app.call('POST', '/payments', {
    body: {
      ...{ provider: 'shop', paymentId: user, user, product: { tokens: GIVEN } },
      ...{ currency: 'RUB', amount: 100 },
    },
  });
  const reserve = (amount: number) =>
    app.call('POST', '/tokens/reserve', {
      body: { user, operation: 'chatgpt_message', amount, ttlSeconds: 60 },
    });
  const hold = await reserve(30);
  const refunded = await app.call('POST', `/payments/shop/${user}/refund`);
  const statuses = [made, hold, refunded].map(({ status }) => status);
  return { statuses, reserve, refunded: refunded.body, reservationId: hold.body.reservationId as string };
}

/** Where the payment's tokens are, told by the user's own entries and balance. */
async function whereTheyAre(app: TestApp, user: string) {
  const { body: balance } = await app.call('GET', `/users/${user}/balance`);
  const { body: entries } = await app.call('GET', `/users/${user}/entries?limit=100`);
  const sum = (kind: string) =>
    -entries.items.reduce((sum: number, it: Json) => sum + (it.kind === kind ? it.amount : 0), 0);
  const [revoked, spent, held] = [sum('revoke'), sum('charge'), balance.reserved as number];
  return { available: balance.available, total: balance.total, revoked, spent, held };
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: 30 of a refunded pack are held`, async (t) => {
    const app = await testApp(t, { store: await fresh(t) });
    let users = 0;
    const begin = async () => {
      const user = `web:${++users}`;
      const begun = await refundedWhileHeld(app, user);
      t.same(begun.statuses, [201, 201, 200]);
      t.match(begun.refunded, { revoked: 70, spent: 0 });
      t.same(await whereTheyAre(app, user), { available: 0, total: 30, revoked: 70, spent: 0, held: 30 });
      return { ...begun, user };
    };

    await t.test('released, they are taken back before any answer shows them', async (t) => {
      const { user, reserve, reservationId } = await begin();
      const released = await app.call('POST', '/tokens/refund', { body: { reservationId } });
      t.match(released, { status: 200, body: { refunded: 30, balance: { available: 0, total: 0 } } });
      t.same(await whereTheyAre(app, user), { available: 0, total: 0, revoked: 100, spent: 0, held: 0 });
      t.match(await reserve(1), { status: 402, body: { code: 'insufficient-tokens', available: 0 } });
    });

    await t.test('committed in part, the rest is taken back', async (t) => {
      const { user, reservationId } = await begin();
      const committed = await app.call('POST', '/tokens/commit', { body: { reservationId, amount: 12 } });
      t.match(committed, { status: 200, body: { amount: 12, balance: { available: 0, total: 0 } } });
      t.same(await whereTheyAre(app, user), { available: 0, total: 0, revoked: 88, spent: 12, held: 0 });
    });

    await t.test('expired, they are gone with the hold', async (t) => {
      const { user } = await begin();
      app.clock.offsetMs += 60_000;
      t.same(await whereTheyAre(app, user), { available: 0, total: 0, revoked: 100, spent: 0, held: 0 });
    });

    await t.test('released while others reserve, nobody gets one of them', async (t) => {
      const { user, reserve, reservationId } = await begin();
      const release = app.call('POST', '/tokens/refund', { body: { reservationId } });
      const others = await Promise.all(Array.from({ length: 20 }, () => reserve(1)));
      t.equal((await release).status, 200);
      t.same([...new Set(others.map(({ status }) => status))], [402]);
      t.same(await whereTheyAre(app, user), { available: 0, total: 0, revoked: 100, spent: 0, held: 0 });
    });

    await t.test('tokens given since are free, and theirs alone', async (t) => {
      const { user, reserve, reservationId } = await begin();
      const given = { user, amount: 10, source: 'promo', reason: 'sorry' };
      await app.call('POST', '/tokens/grant', { body: given, headers: { 'idempotency-key': user } });
      // What is given bears the hold as far as it goes: so much less of the refunded payment is needed for it.
      t.same(await whereTheyAre(app, user), { available: 0, total: 30, revoked: 80, spent: 0, held: 30 });
      await app.call('POST', '/tokens/refund', { body: { reservationId } });
      t.same(await whereTheyAre(app, user), { available: 10, total: 10, revoked: 100, spent: 0, held: 0 });
      t.match(await reserve(11), { status: 402, body: { available: 10 } });
      t.match(await reserve(10), { status: 201 });
    });
  });
}
