/** `POST /payments/…/refund {tokens}`: each status by name, and what lists, sums and events say of it. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';
import { toldApp } from './told-app.js';

t.setTimeout(240_000);
const WEB = { provider: 'card', user: 'web:a', currency: 'RUB' };

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call } = await testApp(t, { store: await fresh(t) });
    const pay = async (paymentId: string, product: object, amount: number) => {
      const paid = await call('POST', '/payments', { body: { ...WEB, paymentId, product, amount } });
      t.equal(paid.status, 201, paid.text);
    };
    const refund = (paymentId: string, body: object | undefined, key?: string) =>
      call('POST', `/payments/card/${paymentId}/refund`, {
        ...(body ? { body } : {}),
        headers: key === undefined ? {} : { 'idempotency-key': key },
      });
    const listed = async (paymentId: string) => {
      const { refundedAt, refundedTokens, refundedAmount } = (
        await call('GET', `/payments?provider=card&paymentId=${paymentId}`)
      ).body.items[0];
      return { refundedAt, refundedTokens, refundedAmount };
    };

    t.test('200, and with its key again the same answer', async (t) => {
      await pay('p1', { tokens: 300 }, 1000);
      const first = await refund('p1', { tokens: 100 }, 'k1');
      t.match(first, { status: 200, body: { revoked: 100, spent: 0, tier: 'gift' } });
      const again = await refund('p1', { tokens: 100 }, 'k1');
      t.equal(again.text, first.text);
      t.equal(again.headers['idempotency-replayed'], 'true');
      t.strictSame(await listed('p1'), { refundedAt: null, refundedTokens: 100, refundedAmount: 333 });
      t.match(await refund('p1', { tokens: 99 }, 'k1'), { status: 422 });
      t.match(
        await refund('p1', { tokens: 100 }, 'k2'),
        { status: 200, body: { revoked: 100 } },
        'one more part',
      );
      t.match(await listed('p1'), { refundedTokens: 200, refundedAmount: 666 });
    });

    t.test('409 beyond what it gave, and nothing is taken', async (t) => {
      const refused = await refund('p1', { tokens: 101 }, 'k3');
      t.match(refused, { status: 409, body: { code: 'refund-exceeds-payment', refundable: 100 } });
      t.match((await call('GET', '/users/web:a/balance')).body, { available: 100 });
      t.match(await refund('p1', { tokens: 100 }, 'k3'), { status: 200 }, 'the key was not used up');
      t.match(await listed('p1'), { refundedAt: /Z$/, refundedTokens: 300, refundedAmount: 1000 });
      t.match(await refund('p1', { tokens: 1 }, 'k4'), { status: 409, body: { refundable: 0 } });
      t.match(await refund('p1', undefined), { status: 200, body: { revoked: 0, spent: 0 } });
    });

    t.test('400 without a key, for a payment of a tier, and for no number of tokens', async (t) => {
      await pay('p2', { tokens: 10 }, 10);
      t.match(await refund('p2', { tokens: 1 }), { status: 400, body: { code: 'idempotency-key-required' } });
      await pay('p3', { tier: 'professional', months: 1 }, 199_000);
      const fault = {
        field: 'tokens',
        message: 'must be left out: a payment for a tier is refunded as a whole',
      };
      t.match(await refund('p3', { tokens: 1 }, 'k5'), { status: 400, body: { errors: [fault] } });
      for (const tokens of [0, -1, 1.5, '1', null])
        t.match(await refund('p2', { tokens }, 'k6'), { status: 400, body: { code: 'invalid-request' } });
      t.match(await refund('nobody', { tokens: 1 }, 'k7'), {
        status: 404,
        body: { code: 'unknown-payment' },
      });
      t.match(await listed('p2'), { refundedTokens: 0, refundedAmount: 0 });
      t.match(await listed('p3'), { refundedTokens: null, refundedAmount: 0 });
    });

    t.test('the whole after a part takes the rest, with a body or without', async (t) => {
      await pay('p4', { pack: 'pack-500' }, 59_000);
      await refund('p4', { tokens: 200 }, 'k8');
      t.match(await refund('p4', undefined), { status: 200, body: { revoked: 300, spent: 0 } });
      t.match(await refund('p4', {}), { status: 200, body: { revoked: 300 } }, 'again: the first answer');
      t.match(await listed('p4'), { refundedTokens: 500, refundedAmount: 59_000 });
      t.match(await refund('p4', { tokens: 1 }, 'k9'), { status: 409 });
    });

    /** On a busy machine one may be told to come again. */
    const persistently = async (...call: Parameters<typeof refund>): ReturnType<typeof refund> => {
      const answer = await refund(...call);
      return answer.status === 503 ? persistently(...call) : answer;
    };

    t.test('twenty parts at once never give back more than the payment', async (t) => {
      await pay('p5', { tokens: 100 }, 100);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => persistently('p5', { tokens: 9 }, `race ${i}`)),
      );
      t.equal(answers.filter(({ status }) => status === 200).length, 11);
      t.equal(answers.filter(({ status }) => status === 409).length, 9);
      t.match(await listed('p5'), { refundedTokens: 99, refundedAmount: 99 });
      t.strictSame((await call('GET', '/audit')).body.mismatches, []);
    });

    t.test('the summary has a part’s money pro rata', async (t) => {
      const { items } = (await call('GET', '/payments/summary?by=product')).body;
      const of = (product: string) => items.find((row: { product: string }) => row.product === product);
      t.match(of('tokens'), { amount: 1110, refunded: 1099, tokens: 410 });
      t.match(of('pack:pack-500'), { amount: 59_000, refunded: 59_000 });
    });
  });
}

t.test('a part is told as an event, with how many tokens it was, and kept in the audit log', async (t) => {
  const { call, tell } = await toldApp(t);
  const body = { ...WEB, paymentId: 'p1', product: { tokens: 300 }, amount: 1000 };
  await call('POST', '/payments', { body });
  const headers = { 'idempotency-key': 'k', 'x-farebox-reason': 'half%20of%20it' };
  await call('POST', '/payments/card/p1/refund', { body: { tokens: 150 }, headers });
  await tell();
  const { items } = (await call('GET', '/events?types=payment.refunded')).body;
  t.match(items, [{ data: { user: 'web:a', provider: 'card', paymentId: 'p1', tokens: 150, revoked: 150 } }]);
  const log = (await call('GET', '/audit-log?action=refundPayment')).body.items;
  t.match(log, [{ target: 'card/p1', reason: 'half of it', before: { balance: { total: 300 } } }]);
  t.match(log, [{ after: { balance: { total: 150 } } }]);
});
