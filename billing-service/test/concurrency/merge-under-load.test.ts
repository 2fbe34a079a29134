/** Users become one while others write for them, and while the database cuts connections: nothing is lost or doubled. */
import t, { type Test } from 'tap';
import { type Answer, type Instances, startInstances } from '../support/instances.js';
import type { Json } from '../support/test-app.js';

t.setTimeout(300_000);
const USERS = 6;
const WORKERS = 6;
const ROUNDS = 8;

/** The same again until it is answered: with a key, or where that is natural, once is all that it does. */
async function answered(send: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await send();
    if (answer.status !== 503 || tries === 40) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

for (const cuts of [0, 12]) {
  t.test(cuts ? 'connections are cut meanwhile' : 'under load', async (t) => {
    const { call, database } = await startInstances(t, 3);
    const post = (i: number, path: string, body: object, key: string) =>
      answered(() => call(i, 'POST', path, body, { 'idempotency-key': key }));
    const sums = { given: 0, charged: 0, back: 0, merged: 0 };
    let isOver = false;

    const work = async (worker: number) => {
      for (let round = 0; round < ROUNDS; round++) {
        const n = worker * ROUNDS + round;
        const user = `web:${(worker + round * 5) % USERS}`;
        const grant = { user, amount: 20 + round, source: 'promo', reason: 'x' };
        const given = await post(n, '/tokens/grant', grant, `give ${n}`);
        t.equal(given.status, 201, given.text);
        sums.given += grant.amount;
        const product = { tokens: 3 };
        const paid = { provider: 'card', paymentId: `p${n}`, user, product, currency: 'XTR', amount: 1 };
        const payment = await post(n, '/payments', paid, `pay ${n}`);
        t.equal(payment.status, 201, payment.text);
        sums.given += 3;
        const wish = { user, operation: 'chatgpt_message', amount: 5 };
        const held = await post(n + 1, '/tokens/reserve', wish, `hold ${n}`);
        t.ok([201, 402].includes(held.status), held.text);
        if (held.status === 201) {
          const { reservationId } = held.body;
          const done = await answered(() => call(n + 2, 'POST', '/tokens/commit', { reservationId }));
          t.equal(done.status, 200, done.text);
          sums.charged += 5;
          const back = await post(n, '/tokens/refund', { reservationId, amount: 2 }, `back ${n}`);
          t.match(back, { status: 200, body: { refunded: 2 } }, back.text);
          sums.back += 2;
        }
        const from = `web:${(worker + round * 5 + 1 + (round % 3)) % USERS}`;
        const merged = await post(n, `/users/${user}/merge`, { from, reason: 'x' }, `merge ${n}`);
        t.ok([200, 400, 404, 409].includes(merged.status), merged.text);
        if (merged.status === 200) sums.merged += 1;
      }
    };
    const cut = async () => {
      for (let i = 0; i < cuts && !isOver; i++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        await database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
        );
      }
    };
    const cutting = cut();
    await Promise.all(Array.from({ length: WORKERS }, (_, i) => work(i)));
    isOver = true;
    await cutting;

    await conserved(t, { call, database }, sums);
  });
}

/** What was given, less what was charged, is what there is; each name is of one user, and nobody's number has anything. */
async function conserved(
  t: Test,
  { call, database }: Pick<Instances, 'call' | 'database'>,
  sums: { given: number; charged: number; back: number; merged: number },
): Promise<void> {
  t.ok(sums.merged > 0, JSON.stringify(sums));
  const { items } = (await answered(() => call(0, 'GET', '/users?limit=100'))).body;
  const total = items.reduce((sum: number, { balance }: Json) => sum + balance.total, 0);
  t.equal(total, sums.given - sums.charged + sums.back, JSON.stringify(sums));
  const references = items.flatMap((user: Json) => user.references).sort();
  t.strictSame(references, [...new Set(references)], 'each reference names one user');
  const spent = await Promise.all(
    items.map(
      async ({ user }: Json) => (await call(1, 'GET', `/users/${user}/balance`)).body.spent as number,
    ),
  );
  t.equal(
    spent.reduce((a, b) => a + b, 0),
    sums.charged - sums.back,
  );
  t.strictSame((await answered(() => call(2, 'GET', '/audit'))).body.mismatches, []);
  const rows = await database.query<{ total: number }>(
    `select coalesce(sum(amount), 0)::bigint as total from entries where kind = 'transfer'`,
  );
  t.strictSame(rows, [{ total: 0 }], 'what left one account came to another');
  const left = await database.query(
    `select user_id from entries where user_id in (select user_id from former_users)
       group by user_id having sum(amount) <> 0`,
  );
  t.strictSame(left, [], 'nothing is left where nobody is');
}
