import t from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call, keyWith, clock } = await testApp(t, { store });

    /** All pages of a list. */
    const all = async (path: string, limit: number) => {
      const items: Json[] = [];
      let cursor: string | undefined;
      do {
        const mark = path.includes('?') ? '&' : '?';
        const next = cursor ? `&cursor=${cursor}` : '';
        const page = await call('GET', `${path}${mark}limit=${limit}${next}`);
        t.equal(page.status, 200);
        items.push(...page.body.items);
        cursor = page.body.nextCursor;
      } while (cursor);
      return items;
    };

    t.test('entries tell what happened, newest first, and add up to the balance', async (t) => {
      const user = 'web:entries';
      await call('POST', '/tokens/grant', {
        body: { user, amount: 100, source: 'promo', reason: 'test', metadata: { why: 'test' } },
        headers: { 'idempotency-key': 'give' },
      });
      const body = { user, operation: 'chatgpt_message', amount: 30, metadata: { chat: 'c1' } };
      const { reservationId } = (await call('POST', '/tokens/reserve', { body })).body;
      t.equal((await all('/users/web:entries/entries', 20)).length, 1, 'a hold writes none');
      await call('POST', '/tokens/commit', { body: { reservationId, amount: 20 } });
      await call('POST', '/tokens/refund', { body: { reservationId, amount: 8 } });
      const items = await all('/users/web:entries/entries', 1);
      t.match(items, [
        { kind: 'refund', amount: 8, balanceAfter: 88, operation: 'chatgpt_message', reservationId },
        { kind: 'charge', amount: -20, balanceAfter: 80, operation: 'chatgpt_message', reservationId },
        {
          kind: 'grant',
          amount: 100,
          balanceAfter: 100,
          source: 'promo',
          operation: null,
          reservationId: null,
        },
      ]);
      t.strictSame(Object.keys(items[0]).sort(), [
        'amount',
        'balanceAfter',
        'createdAt',
        'id',
        'kind',
        'metadata',
        'operation',
        'reservationId',
        'source',
      ]);
      t.strictSame(items[1].metadata, { chat: 'c1' });
      t.strictSame(await all('/users/web:entries/entries?kind=charge', 20), [items[1]]);
      t.equal((await call('GET', '/users/web:entries/entries?kind=hold')).status, 400);
    });

    t.test('an expiry that is due is among the entries, though nobody swept', async (t) => {
      const user = 'web:expiry';
      const expiresAt = new Date(clock.now() + 60_000).toISOString();
      await call('POST', '/tokens/grant', {
        body: { user, amount: 50, source: 'promo', reason: 'test', expiresAt },
        headers: { 'idempotency-key': 'give' },
      });
      clock.offsetMs += 60_000;
      const [newest] = await all('/users/web:expiry/entries', 20);
      t.match(newest, { kind: 'expiry', amount: -50, balanceAfter: 0, createdAt: expiresAt });
    });

    const pay = (paymentId: string, more: object = {}) =>
      call('POST', '/payments', {
        body: {
          provider: 'telegram-stars',
          paymentId,
          user: 'web:payer',
          product: { pack: 'pack-500' },
          currency: 'XTR',
          amount: 300,
          ...more,
        },
      });

    t.test('payments are listed as POST answered them, plus what was paid and when', async (t) => {
      const first = await pay('p1', { metadata: { invoice: 7 } });
      t.equal(first.status, 201);
      const tier = await pay('p2', { product: { tier: 'professional', months: 1 }, amount: 1000 });
      const [newest, oldest] = await all('/payments?user=web:payer', 20);
      const { createdAt, ...rest } = oldest;
      const none = { refundedTokens: 0, refundedAmount: 0 };
      const paid = { currency: 'XTR', amount: 300, metadata: { invoice: 7 }, refundedAt: null, ...none };
      t.strictSame(rest, { ...first.body, ...paid });
      t.match(createdAt, /Z$/);
      t.match(newest, { ...tier.body, amount: 1000, metadata: null });
      await call('POST', '/payments/telegram-stars/p1/refund');
      t.match((await all('/payments?user=web:payer', 20))[1], { ...first.body, refundedAt: /Z$/ });
    });

    t.test(
      'payments by user, by provider or all; equal times and odd ids lose nothing over pages',
      async (t) => {
        const long = 'ё'.repeat(255);
        const at = clock.now();
        clock.now = () => at;
        t.teardown(() => Reflect.deleteProperty(clock, 'now'));
        for (const id of ['q1', 'q2', '["q"]', long])
          await pay(id, { user: 'web:q', product: { tokens: 1 } });
        await pay('q1', { user: 'web:q', provider: 'card', product: { tokens: 1 } });
        const mine = await all('/payments?user=web:q', 1);
        t.equal(mine.length, 5);
        t.equal(new Set(mine.map((item) => `${item.provider} ${item.paymentId}`)).size, 5);
        t.strictSame(await all('/payments?user=web:q', 2), mine);
        t.equal((await all('/payments?user=web:q&provider=card', 20)).length, 1);
        t.ok((await all('/payments?paymentId=q1', 20)).every((item) => item.paymentId === 'q1'));
        t.equal((await all('/payments?paymentId=q1&provider=card', 20)).length, 1);
        t.ok((await all('/payments', 2)).length >= 7);
        t.strictSame(await all('/payments?user=web:stranger', 20), [], 'a filter, not a path: nothing found');
      },
    );

    t.test('a payment cursor by hand is 400, never a failure', async (t) => {
      for (const key of [
        '',
        '[]',
        '[1,2,3]',
        '[1e99,"a","b"]',
        '[1,"a\\u0000","b"]',
        '{',
        '[8640000000000000,"a","b"]',
        '[-1,"a","b"]',
      ]) {
        const cursor = Buffer.from(`payment[null,null]:${key}`).toString('base64url');
        const answer = await call('GET', `/payments?cursor=${cursor}`);
        t.match(answer, { status: 400, body: { errors: [{ field: 'cursor' }] } }, key);
      }
    });

    t.test('scopes', async (t) => {
      const [payments, users] = [await keyWith('payments'), await keyWith('users')];
      t.equal((await call('GET', '/payments', { key: payments })).status, 200);
      t.equal((await call('GET', '/payments', { key: users })).status, 403);
      t.equal((await call('GET', '/users/web:payer/entries', { key: users })).status, 200);
      t.equal((await call('GET', '/users/web:payer/entries', { key: payments })).status, 403);
    });
  });
}
