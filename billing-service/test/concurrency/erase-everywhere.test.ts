/** A user is erased while others write for the same references: no token is lost or doubled, no word stays. */
import t from 'tap';
import { startInstances } from '../support/instances.js';
import { rowsWith } from '../support/rows-with.js';

t.setTimeout(240_000);

t.test('erased by one instance, nobody’s on the others, and a new user’s from then on', async (t) => {
  const { call } = await startInstances(t, 3);
  const body = { user: 'web:1', operation: 'chatgpt_message', amount: 0 };
  const grant = { user: 'web:1', amount: 5, source: 'promo', reason: 'x' };
  await call(0, 'POST', '/tokens/grant', grant, { 'idempotency-key': 'g' });
  for (const i of [0, 1, 2]) await call(i, 'POST', '/limits/check', { ...body, amount: undefined });
  t.equal((await call(1, 'DELETE', '/users/web:1?forfeit=true')).status, 204);
  for (const i of [0, 1, 2]) t.equal((await call(i, 'GET', '/users/web:1/balance')).status, 404);
  const held = await call(2, 'POST', '/tokens/reserve', body);
  t.match(held, { status: 201, body: { balance: { total: 0 } } });
  await call(0, 'POST', '/tokens/grant', grant, { 'idempotency-key': 'g' });
  t.match(
    (await call(1, 'GET', '/users/web:1/balance')).body,
    { total: 5 },
    'the key was forgotten with the user',
  );
});

t.test('calls race the erasure of their user', async (t) => {
  const { call, warnings, database } = await startInstances(t, 3);
  const references = ['web:zanzibar1', 'web:zanzibar2'];
  const seen = new Map<number, number>();
  let erased = 0;
  const write = async (i: number) => {
    const user = references[i % 2] as string;
    const metadata = { note: user };
    const key = (call: string) => ({ 'idempotency-key': `${call} ${user} ${i}` });
    const grant = { user, amount: 10, source: 'promo', reason: user, metadata };
    const payment = { provider: 'card', paymentId: `p${i}`, user, product: { tokens: 3 }, currency: 'XTR' };
    const calls = [
      () => call(i, 'POST', '/tokens/grant', grant, key('grant')),
      () => call(i, 'POST', '/payments', { ...payment, amount: 1, metadata }),
      () => call(i, 'PUT', `/users/${user}`, { username: user }),
      () => call(i, 'GET', `/users/${user}/balance`),
      async () => {
        const wish = { user, operation: 'chatgpt_message', amount: 1, metadata };
        const held = await call(i, 'POST', '/tokens/reserve', wish, key('hold'));
        if (held.status !== 201) return held;
        return call(i + 1, 'POST', '/tokens/commit', { reservationId: held.body.reservationId, metadata });
      },
    ];
    for (const one of calls) {
      const { status, text } = await one();
      seen.set(status, (seen.get(status) ?? 0) + 1);
      t.ok([200, 201, 402, 404, 503].includes(status), `${status} ${text}`);
    }
  };
  const erase = async (i: number) => {
    const { status, text } = await call(i, 'DELETE', `/users/${references[i % 2]}?forfeit=true`);
    if (status === 204) erased += 1;
    t.ok([204, 404, 409, 503].includes(status), `${status} ${text}`);
  };
  await Promise.all(
    Array.from({ length: 6 }, async (_, worker) => {
      for (let i = 0; i < 8; i++) {
        await write(worker * 8 + i);
        if (worker < 4) await erase(worker + i);
      }
    }),
  );
  t.ok(erased > 0, `${erased} erased; ${JSON.stringify([...seen])}`);
  for (const user of references) {
    const { body } = await call(0, 'GET', `/users/${user}/reservations?status=open&limit=100`);
    for (const { reservationId } of body?.items ?? [])
      await call(0, 'POST', '/tokens/refund', { reservationId });
    const last = await call(1, 'DELETE', `/users/${user}?forfeit=true`);
    t.ok([204, 404].includes(last.status), last.text);
  }
  t.strictSame((await call(0, 'GET', '/audit')).body, { accounts: 0, entries: 0, mismatches: [] });
  const sums = await database.query('select user_id from entries group by user_id having sum(amount) <> 0');
  t.strictSame(sums, [], 'each number’s entries add up to nothing');
  t.strictSame(await rowsWith(database, 'zanzibar'), []);
  t.strictSame(warnings, []);
});
