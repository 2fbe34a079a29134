/** Over HTTP, on Postgres, by two instances: one reservation, one winner. */
import t, { type Test } from 'tap';
import { type Answer, startInstances } from '../support/instances.js';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

t.test('settling at once', async (t) => {
  const { call, clock, warnings, sweepers } = await startInstances(t, 2);
  const grant = (user: string, amount: number) =>
    call(
      0,
      'POST',
      '/tokens/grant',
      { user, amount, source: 'promo', reason: 'test' },
      { 'idempotency-key': 'g' },
    );
  const hold = async (user: string, body: object = {}): Promise<string> => {
    const request = { user, operation: 'chatgpt_message', ...body };
    return (await call(0, 'POST', '/tokens/reserve', request)).body.reservationId;
  };
  const settle = (i: number, what: 'commit' | 'refund', reservationId: string, body: object = {}) =>
    call(i, 'POST', `/tokens/${what}`, { reservationId, ...body });
  const noMismatch = async (t: Test) => {
    t.same((await call(0, 'GET', '/audit')).body.mismatches, []);
    t.same(warnings, []);
  };

  t.test('commit and refund racing for one reservation: it is charged, or it is not', async (t) => {
    await grant('web:race', 10_000);
    for (const round of range(30)) {
      const id = await hold('web:race');
      const [a, b] = (await Promise.all([settle(round, 'commit', id), settle(round + 1, 'refund', id)])) as [
        Answer,
        Answer,
      ];
      const { body } = await call(0, 'GET', `/tokens/reservations/${id}`);
      // Refund first: the commit conflicts. Commit first: the refund gives the charge back.
      const won = a.status === 409 ? 'refunded' : 'committed';
      t.equal(body.status, won);
      t.equal(b.status, 200);
      t.equal(body.charged - body.refundedTotal, won === 'refunded' ? -5 : 0);
    }
    await noMismatch(t);
  });

  t.test('20 commits at two amounts: one amount is charged, once', async (t) => {
    await grant('web:two', 1000);
    const id = await hold('web:two');
    const answers = await Promise.all(range(20).map((i) => settle(i, 'commit', id, { amount: 3 + (i % 2) })));
    const charged = (await call(0, 'GET', `/tokens/reservations/${id}`)).body.charged;
    answers.forEach((a, i) => {
      t.equal(a.status, 3 + (i % 2) === charged ? 200 : 409);
    });
    t.equal((await call(0, 'GET', '/users/web:two/balance')).body.spent, charged);
    await noMismatch(t);
  });

  t.test('commit, refund and expiry racing: one winner', async (t) => {
    await grant('web:late', 10_000);
    for (const round of range(20)) {
      const id = await hold('web:late', { ttlSeconds: 1 });
      clock.offsetMs += 999;
      const answers = await Promise.all([
        settle(round, 'commit', id),
        settle(round + 1, 'refund', id),
        (async () => {
          clock.offsetMs += 1;
          await Promise.all(sweepers.map((sweeper) => sweeper.runOnce()));
        })(),
      ]);
      const { body } = await call(0, 'GET', `/tokens/reservations/${id}`);
      const { reserved } = (await call(0, 'GET', '/users/web:late/balance')).body;
      t.equal(reserved, 0, `held by nobody after ${body.status}`);
      const committed = answers[0].status === 200;
      t.equal(body.status === 'committed', committed);
    }
    await noMismatch(t);
  });

  t.test('opposite orders of users in concurrent batches never deadlock', async (t) => {
    const users = range(20).map((i) => `web:order-${i}`);
    await Promise.all(users.map((user) => grant(user, 10_000)));
    const answers = await Promise.all(
      range(40).flatMap((round) =>
        (round % 2 ? users : users.toReversed()).map(async (user) => {
          const request = { user, operation: 'chatgpt_message' };
          const reserved = await call(round, 'POST', '/tokens/reserve', request);
          return settle(round + 1, round % 3 ? 'commit' : 'refund', reserved.body.reservationId);
        }),
      ),
    );
    t.ok(answers.every((a) => a.status === 200));
    await noMismatch(t);
  });
});
