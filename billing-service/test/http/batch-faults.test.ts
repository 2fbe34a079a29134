/** What is wrong with an item is that item's, what is wrong with the whole is the whole's. */
import t from 'tap';
import { batchApp } from '../support/batch-app.js';

const OPERATION = 'chatgpt_message';

t.test('faults of batches', async (t) => {
  const { call, keyWith, funded, balance, batch, statuses } = await batchApp(t);

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

  t.test('scopes are those of the single call', async (t) => {
    const limits = await keyWith('limits');
    for (const of of ['tokens/reserve', 'tokens/commit', 'tokens/refund']) {
      t.equal((await call('POST', `/${of}/batch`, { body: { items: [{}] }, key: limits })).status, 403);
    }
    t.equal((await call('POST', '/limits/check/batch', { body: { items: [{}] }, key: limits })).status, 200);
  });
});
