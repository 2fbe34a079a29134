/** A hundred items in one call: each as if it had come alone. */
import fc from 'fast-check';
import t from 'tap';
import { batchApp } from '../support/batch-app.js';
import type { Json } from '../support/test-app.js';

const OPERATION = 'chatgpt_message';

t.test('batches', async (t) => {
  const { call, funded, balance, batch, insist, statuses } = await batchApp(t);

  t.test('answers come in the order of the items, each as the single call’s', async (t) => {
    const { user, available } = await funded(10);
    const items = [
      { user, operation: OPERATION, amount: available - 1 },
      { user, operation: OPERATION, amount: 2 },
      { user, operation: OPERATION, amount: 1 },
      { user, operation: 'nothing' },
    ];
    const answer = await batch('tokens/reserve', items);
    t.equal(answer.status, 200);
    t.strictSame(statuses(answer), [201, 402, 201, 404], 'for one user in turn: the third still fits');
    const [first, second] = answer.body.items;
    t.match(first.body, { user, amount: available - 1, status: 'open', balance: { available: 1 } });
    t.match(second.body, {
      code: 'insufficient-tokens',
      deficit: 1,
      requestId: answer.headers['x-request-id'],
    });
    const single = await call('POST', '/tokens/reserve', { body: { user, operation: OPERATION, amount: 2 } });
    t.strictSame(Object.keys(second.body), Object.keys(single.body), 'the same members');
    t.notOk('replayed' in first);
  });

  t.test('a hold’s whole life, by hundreds', async (t) => {
    const users = await Promise.all(Array.from({ length: 50 }, () => funded(100)));
    const items = users.flatMap(({ user }) => [
      { user, operation: OPERATION, amount: 10 },
      { user, operation: OPERATION, amount: 20 },
    ]);
    const held = await insist('tokens/reserve', items);
    t.strictSame(new Set(statuses(held)), new Set([201]));
    const ids = held.body.items.map(({ body }: Json) => body.reservationId);
    const committed = await insist(
      'tokens/commit',
      ids.map((reservationId: string) => ({ reservationId, amount: 7 })),
    );
    t.strictSame(new Set(statuses(committed)), new Set([200]));
    const refunded = await insist(
      'tokens/refund',
      ids.map((reservationId: string) => ({ reservationId, amount: 3 })),
    );
    t.strictSame(new Set(statuses(refunded)), new Set([200]));
    for (const { user, available } of users) {
      t.match(await balance(user), { available: available - 8, reserved: 0 });
    }
    t.match((await call('GET', '/audit')).body, { mismatches: [] });
  });

  t.test('a key means the same in a batch and by itself, and twice in one batch replays', async (t) => {
    const { user, available } = await funded(100);
    const item = { user, operation: OPERATION, amount: 5 };
    const twice = await batch('tokens/reserve', [
      { ...item, idempotencyKey: 'a' },
      { ...item, idempotencyKey: 'a' },
      { ...item, amount: 6, idempotencyKey: 'a' },
    ]);
    t.match(twice.body.items, [
      { status: 201 },
      { status: 201, replayed: true },
      { status: 422, body: { code: 'idempotency-key-reused' } },
    ]);
    t.strictSame(twice.body.items[1].body, twice.body.items[0].body);
    const alone = await call('POST', '/tokens/reserve', { body: item, headers: { 'idempotency-key': 'a' } });
    t.match(alone, { status: 201, headers: { 'idempotency-replayed': 'true' } });
    t.strictSame(alone.body, twice.body.items[0].body);
    await call('POST', '/tokens/reserve', {
      body: { ...item, amount: 1 },
      headers: { 'idempotency-key': 'b' },
    });
    const after = await batch('tokens/reserve', [{ ...item, amount: 1, idempotencyKey: 'b' }]);
    t.match(after.body.items, [{ status: 201, replayed: true }]);
    t.match(await balance(user), { available: available - 6, reserved: 6 });
  });

  t.test('two references of one user are one user: their items keep their order', async (t) => {
    const { user, available } = await funded(100);
    await call('POST', `/users/${user}/references`, { body: { reference: `${user}-too` } });
    const items = Array.from({ length: 20 }, (_, i) => ({
      user: i % 2 ? `${user}-too` : user,
      operation: OPERATION,
      amount: 1,
    }));
    const answer = await batch('tokens/reserve', items);
    const left = answer.body.items.map(({ body }: Json) => body.balance.available);
    t.strictSame(
      left,
      items.map((_, i) => available - 1 - i),
    );
  });

  t.test('an item that takes a longer way is not overtaken by the same user’s next', async (t) => {
    const { user, available: amount } = await funded(100);
    const item = { user, operation: OPERATION, amount };
    const answer = await batch('tokens/reserve', [{ ...item, checkLimits: true }, item]);
    t.strictSame(statuses(answer), [201, 402]);
  });

  t.test('checks count in turn, and a key stands for the checkId', async (t) => {
    const { body: gift } = await call('GET', '/tiers/gift');
    const policies = [{ operation: OPERATION, limit: 3, windowSeconds: 600 }];
    await call('PUT', '/tiers/gift', { body: { ...gift, policies } });
    const { user } = await funded(1);
    const item = { user, operation: OPERATION };
    const counted = await batch('limits/check', [
      { ...item, idempotencyKey: 'one' },
      { ...item, idempotencyKey: 'one' },
      item,
      item,
      item,
    ]);
    const seen = counted.body.items.map(({ body }: Json) => [body.allowed, body.remaining]);
    t.strictSame(seen, [
      [true, 2],
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    const both = await batch('limits/check', [{ ...item, checkId: 'x', idempotencyKey: 'x' }]);
    t.match(both.body.items, [{ status: 400, body: { errors: [{ field: 'idempotencyKey' }] } }]);
    const limited = await batch('tokens/reserve', [{ ...item, checkLimits: true }]);
    t.match(limited.body.items, [{ status: 429, body: { code: 'rate-limited', limit: { allowed: false } } }]);
  });

  t.test('property: a batch leaves what its items leave one by one', async (t) => {
    const operations = fc.array(
      fc.record({ who: fc.nat(2), amount: fc.integer({ min: -1, max: 60 }), key: fc.option(fc.nat(3)) }),
      { minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(operations, async (steps) => {
        const play = async (isBatch: boolean) => {
          const users = await Promise.all([funded(50), funded(50), funded(50)]);
          const items = steps.map(({ who, amount, key }) => ({
            user: users[who]?.user,
            operation: OPERATION,
            amount,
            ...(key === null ? {} : { idempotencyKey: `${users[0]?.user} ${key}` }),
          }));
          const answers = [];
          for (const item of isBatch ? [] : items) {
            const { idempotencyKey, ...body } = item;
            const headers = idempotencyKey ? { 'idempotency-key': idempotencyKey } : {};
            const {
              status,
              headers: got,
              body: said,
            } = await call('POST', '/tokens/reserve', { body, headers });
            const replayed = got['idempotency-replayed'] === 'true';
            answers.push({ status, replayed, code: said.code ?? '', balance: said.balance ?? null });
          }
          const { body } = isBatch ? await batch('tokens/reserve', items) : { body: { items: [] } };
          for (const { status, replayed = false, body: said } of body.items) {
            answers.push({ status, replayed, code: said.code ?? '', balance: said.balance ?? null });
          }
          const left = await Promise.all(users.map(async ({ user }) => (await balance(user)).available));
          return { answers, left };
        };
        t.strictSame(await play(true), await play(false));
      }),
      { numRuns: 20 },
    );
  });
});
