/** A hundred items in one call: each as if it had come alone. */
import fc from 'fast-check';
import t from 'tap';
import { type Json, testApp } from '../support/test-app.js';

const OPERATION = 'chatgpt_message';

t.test('batches', async (t) => {
  const { call, keyWith } = await testApp(t);
  let count = 0;
  const funded = async (amount: number, user = `web:u${++count}`) => {
    const body = { user, amount, source: 'promo', reason: 'test' };
    await call('POST', '/tokens/grant', { body, headers: { 'idempotency-key': `fund ${user}` } });
    // What a new gift user has is not looked at here.
    const { available } = await balance(user);
    return { user, available };
  };
  const balance = async (user: string) => (await call('GET', `/users/${user}/balance`)).body;
  const batch = async (of: string, items: unknown, headers = {}) =>
    call('POST', `/${of}/batch`, { body: { items }, headers });
  /** As callers do: what a busy machine has no time for is sent again. */
  const insist = async (of: string, items: object[]): Promise<Json> => {
    const answer = await batch(of, items);
    const late = items.filter((_, i) => answer.body.items[i].status === 503);
    if (late.length === 0) return answer;
    const again = (await insist(of, late)).body.items;
    const whole = answer.body.items.map((item: Json) => (item.status === 503 ? again.shift() : item));
    return { ...answer, body: { items: whole } };
  };
  const statuses = (answer: Json) => answer.body.items.map(({ status }: Json) => status);

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

  t.test('no item hurts another: each fault is its own item’s', async (t) => {
    const { user } = await funded(100);
    const good = { user, operation: OPERATION, amount: 1 };
    const bad: [object, string][] = [
      [{ ...good, amount: -1 }, 'amount'],
      [{ ...good, surplus: 1 }, 'surplus'],
      [{ operation: OPERATION }, 'user'],
      [{ ...good, idempotencyKey: '' }, 'idempotencyKey'],
      [{ ...good, idempotencyKey: 'ключ' }, 'idempotencyKey'],
      [{ ...good, user: 'web:\u0000' }, 'user'],
      [{ ...good, metadata: { text: 'x'.repeat(5000) } }, 'metadata'],
      [JSON.parse('{"__proto__": {"a": 1}}'), '__proto__'],
    ];
    const answer = await batch(
      'tokens/reserve',
      bad.flatMap(([item]) => [good, item]),
    );
    t.strictSame(
      statuses(answer),
      bad.flatMap(() => [201, 400]),
    );
    for (const [i, [, field]] of bad.entries()) {
      t.match(answer.body.items[2 * i + 1].body, { code: 'invalid-request', errors: [{ field }] }, field);
    }
  });

  t.test('what is wrong with the whole is the whole’s 400, and nothing is done', async (t) => {
    const { user, available } = await funded(100);
    const good = { user, operation: OPERATION };
    const wrong: [unknown, string][] = [
      [{ items: [good, 7] }, 'items[1]'],
      [{ items: [good, null] }, 'items[1]'],
      [{ items: [[]] }, 'items[0]'],
      [{ items: [] }, 'items'],
      [{ items: Array.from({ length: 101 }, () => good) }, 'items'],
      [{ items: good }, 'items'],
      [{}, 'items'],
      [{ items: [good], more: 1 }, 'more'],
    ];
    for (const [body, field] of wrong) {
      const answer = await call('POST', '/tokens/reserve/batch', { body });
      t.match(answer, { status: 400, body: { errors: [{ field }] } }, JSON.stringify(body).slice(0, 60));
    }
    const keyed = await batch('tokens/reserve', [good], { 'idempotency-key': 'k' });
    t.match(keyed, { status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
    t.match(await balance(user), { available, reserved: 0 });
  });

  t.test('a body of 256 KB is taken, a larger one is not', async (t) => {
    const { user } = await funded(1000);
    const item = (bytes: number) => ({
      user,
      operation: OPERATION,
      amount: 1,
      metadata: { a: 'x'.repeat(bytes) },
    });
    const almost = await batch(
      'tokens/reserve',
      Array.from({ length: 60 }, () => item(4000)),
    );
    t.strictSame(new Set(statuses(almost)), new Set([201]));
    const over = await batch(
      'tokens/reserve',
      Array.from({ length: 70 }, () => item(4000)),
    );
    t.match(over, { status: 413, body: { code: 'payload-too-large', detail: /256 KB/ } });
    const single = { user, operation: OPERATION, metadata: { a: 'x'.repeat(17_000) } };
    t.match(await call('POST', '/tokens/reserve', { body: single }), {
      status: 413,
      body: { detail: /16 KB/ },
    });
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

  t.test('scopes are those of the single call', async (t) => {
    const limits = await keyWith('limits');
    for (const of of ['tokens/reserve', 'tokens/commit', 'tokens/refund']) {
      t.equal((await call('POST', `/${of}/batch`, { body: { items: [{}] }, key: limits })).status, 403);
    }
    t.equal((await call('POST', '/limits/check/batch', { body: { items: [{}] }, key: limits })).status, 200);
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
