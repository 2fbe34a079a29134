/** Limits of one user in place of the tier's: decided as the tier's are, and over by themselves. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

t.setTimeout(240_000);
const USER = 'web:partner';
const operation = 'chatgpt_message';
const NONE = { policies: null, maxOpenReservations: null, overdraft: null, expiresAt: null };
const perMinute = (limit: number) => ({ operation: '*', limit, windowSeconds: 60 });

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, clock } = await testApp(t, { store: await fresh(t) });
    const override = (body: object, user = USER) => call('PUT', `/users/${user}/overrides`, { body });
    const check = async (more: object = {}): Promise<Json> =>
      (await call('POST', '/limits/check', { body: { user: USER, operation, ...more } })).body;
    const reserve = (more: object = {}, user = USER) =>
      call('POST', '/tokens/reserve', { body: { user, operation, ...more } });
    const commit = async (reservation: Json, amount: number): Promise<Json> => {
      const { reservationId } = reservation.body;
      return (await call('POST', '/tokens/commit', { body: { reservationId, amount } })).body;
    };
    const shown = async (user = USER): Promise<Json> => (await call('GET', `/users/${user}`)).body.overrides;
    const soon = (ms: number) => new Date(clock.now() + ms).toISOString();
    const grant = (user: string, amount: number) =>
      call('POST', '/tokens/grant', {
        body: { user, amount, source: 'promo', reason: 'x' },
        headers: { 'idempotency-key': `grant ${user}` },
      });
    await grant(USER, 1000);

    t.test('nobody has any; what is set is shown, whole, in every answer about the user', async (t) => {
      t.equal(await shown(), null);
      const expiresAt = soon(3_600_000);
      const body = { policies: [perMinute(7)], maxOpenReservations: 2, overdraft: 30, expiresAt };
      const set = await override({ ...body, reason: 'a partner' });
      t.match(set, { status: 200, body: { user: USER, tier: 'gift' } });
      t.strictSame(set.body.overrides, { ...body, reason: 'a partner' });
      t.strictSame((await call('GET', `/users/${USER}`)).body, set.body);
      t.strictSame((await call('GET', `/users?search=${USER}`)).body.items[0].overrides, set.body.overrides);
      t.strictSame((await call('PUT', `/users/${USER}`, { body: {} })).body, set.body);
      const blocked = await call('PUT', `/users/${USER}/block`, { body: { blocked: false } });
      t.strictSame(blocked.body, set.body);
    });

    t.test('policies take the place of the whole list, and counts are kept', async (t) => {
      t.match(await check({ peek: true }), { limit: 7, policies: [{ limit: 7, windowSeconds: 60 }] });
      t.match(await check({ cost: 5 }), { allowed: true, remaining: 2 });
      await override({ policies: [perMinute(5)], reason: 'less' });
      t.match(await check({ peek: true }), { allowed: false, limit: 5, remaining: 0 });
      t.match((await reserve({ checkLimits: true })).body, { code: 'rate-limited', limit: { limit: 5 } });
      await override({ policies: [perMinute(6)], reason: 'more' });
      t.match(await check(), { allowed: true, remaining: 0 });
      await override({ policies: [], reason: 'no bound' });
      t.match(await check({ cost: 1000 }), { allowed: true, limit: null, policies: [] });
      await override({ policies: [perMinute(6)], reason: 'bound again' });
      t.match(
        await check(),
        { allowed: false },
        'what was let pass without a bound was counted all the same',
      );
    });

    t.test(
      'a window longer than any tier’s counts for as long as it is, also where a check is undone',
      async (t) => {
        const days = (n: number) => n * 86_400;
        await override({ policies: [{ operation, limit: 3, windowSeconds: days(25) }], reason: 'slowly' });
        clock.offsetMs += days(30) * 1000;
        for (const checkId of ['a', 'b', 'c']) t.match(await check({ checkId }), { allowed: true });
        clock.offsetMs += days(24) * 1000;
        t.match(await check(), { allowed: false });
        const undo = await call('POST', '/limits/undo', { body: { user: USER, operation, checkId: 'b' } });
        t.match(undo.body, { undone: true });
        t.match(await check(), { allowed: true, remaining: 0 });
        clock.offsetMs += days(1) * 1000 + 1;
        t.match(await check({ peek: true }), { remaining: 2 });
      },
    );

    t.test('open reservations: fewer than the tier allows, or more', async (t) => {
      await override({ maxOpenReservations: 2, reason: 'shares the account' });
      const first = await reserve();
      t.match([first.status, (await reserve()).status], [201, 201]);
      const third = await reserve();
      t.match(third, { status: 429, body: { code: 'too-many-open-reservations' } });
      t.match(third.body.detail, '2 reservations');
      t.equal((await call('POST', '/tokens/quote', { body: { user: USER, operation } })).status, 200);
      await override({ maxOpenReservations: 3, reason: 'one more' });
      t.equal((await reserve()).status, 201);
      t.equal((await reserve()).status, 429);
      await override({ maxOpenReservations: 1, reason: 'less than are open' });
      t.equal((await reserve()).status, 429);
      t.equal((await commit(first, 5)).amount, 5, 'what is open stays open');
      await override(NONE);
      t.equal((await reserve()).status, 201);
    });

    t.test('the overdraft bears a finished work, and no hold', async (t) => {
      const user = 'web:credit';
      await grant(user, 10);
      await override({ overdraft: 40, reason: 'pays later' }, user);
      t.match((await reserve({ amount: 11 }, user)).body, { code: 'insufficient-tokens', available: 10 });
      const quote = await call('POST', '/tokens/quote', { body: { user, operation, amount: 11 } });
      t.match(quote.body, { canAfford: false, deficit: 1 }, 'a quote says what a reserve would');
      const charged = await commit(await reserve({ amount: 10 }, user), 100);
      t.match(charged, { amount: 50, uncollected: 50, balance: { available: -40 } });
      t.match(charged.affordable, { [operation]: 0 });
      await override({ overdraft: 0, reason: 'no more' }, user);
      t.match((await call('GET', `/users/${user}/balance`)).body, { debt: 40, total: -40 });
    });

    t.test('over by itself, to the millisecond, without a write', async (t) => {
      const user = 'web:brief';
      await grant(user, 100);
      const limits = { policies: [perMinute(1)], maxOpenReservations: 1, overdraft: 40 };
      await override({ ...limits, expiresAt: soon(1_800_000), reason: 'for half an hour' }, user);
      const held = await reserve({ amount: 100, ttlSeconds: 7200 }, user);
      clock.offsetMs += 1_799_000;
      t.match(await shown(user), limits);
      t.equal((await reserve({ amount: 0 }, user)).status, 429);
      t.match(await check({ user, peek: true }), { limit: 1 });
      clock.offsetMs += 1_000;
      t.equal(await shown(user), null);
      t.equal((await call('GET', `/users?search=${user}`)).body.items[0].overrides, null);
      t.equal((await reserve({ amount: 0 }, user)).status, 201);
      t.not((await check({ user, peek: true })).limit, 1);
      t.match(await commit(held, 120), { amount: 100, uncollected: 20 }, 'no overdraft any more');
    });

    t.test('what cannot be is refused by its field', async (t) => {
      const refused = async (body: object, field: string, message: string | RegExp) => {
        const answer = await override({ reason: 'x', ...body });
        t.match(answer, { status: 400, body: { code: 'invalid-request' } }, JSON.stringify(body));
        t.match(answer.body.errors, [{ field, message }]);
      };
      await refused({ overdraft: 1, reason: null }, 'reason', 'is needed to override a limit');
      await refused({ overdraft: 1, expiresAt: soon(0) }, 'expiresAt', 'must be in the future');
      await refused({ overdraft: -1 }, 'overdraft', /0/);
      await refused({ maxOpenReservations: 0 }, 'maxOpenReservations', /1/);
      await refused(
        { policies: [{ ...perMinute(1), operation: 'nothing' }] },
        'policies[0].operation',
        /neither/,
      );
      await refused({ policies: [perMinute(1), perMinute(2)] }, 'policies[1]', /earlier/);
      t.equal(await shown('web:brief'), null);
    });

    t.test('all null takes them away; a user whom nobody knew can have some', async (t) => {
      t.match(await override({ overdraft: 5, reason: 'x' }, 'web:unseen'), {
        status: 200,
        body: { overrides: { ...NONE, overdraft: 5, reason: 'x' } },
      });
      t.match(await override(NONE, 'web:unseen'), { status: 200, body: { overrides: null } });
      t.match(await override({}, 'web:unseen'), { status: 200, body: { overrides: null } });
    });
  });
}
