/** A user with a thousand live grants. */
import t, { type Test } from 'tap';
import { applyPayment } from '../../src/domain/payments/apply-payment.js';
import { grantTokens } from '../../src/domain/tokens/grant-tokens.js';
import { readBalance } from '../../src/domain/users/read-balance.js';
import { BOTH, type freshPglite } from '../support/databases.js';
import type { Farebox } from '../support/farebox.js';
import { testApp } from '../support/test-app.js';
import { countedStatements } from './counted-statements.js';

const DAY_MS = 86_400_000;

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: 1,000 grants are charged, and end, in as many statements as 10 are`, async (t) => {
    const few = await statementsWith(t, 10, await fresh(t));
    const many = await statementsWith(t, 1_000, await fresh(t));
    t.strictSame({ ...many, burned: few.burned }, few);
    // What is charged to hundreds is begun with the first hundred, and once again with more.
    t.ok(many.burned < 2 * few.burned, `${few.burned} and ${many.burned} statements`);
  });

  t.test(`${kind}: what a payment reads does not grow with the live grants it is given beside`, async (t) => {
    const beside = async (count: number) => {
      const { farebox, sent, userId } = await countedStatements(t, await fresh(t));
      await giveMany(farebox, userId, count);
      const before = sent.rows;
      const content = { provider: 'test', paymentId: 'p', user: 'web:crowded', currency: 'XTR', amount: 1 };
      const product = { tokens: 50 };
      t.match(await applyPayment(farebox, { ...content, product, metadata: null }, undefined), { ok: true });
      t.match(await readBalance(farebox, 'web:crowded'), { value: { total: 3 * count + 50 } });
      t.strictSame((await farebox.ledger.audit()).mismatches, []);
      return sent.rows - before;
    };
    const rows = await beside(150);
    t.ok(rows < 150, `${rows} rows`);
    t.equal(await beside(3_000), rows);
  });
}

/** Live grants of 3 tokens; the first ends in a day, the next in two. */
async function giveMany({ database, clock }: Farebox, userId: number, count: number): Promise<void> {
  await database.query(
    `with given as (
       insert into grants (user_id, id, source, amount, remaining, expires_at, ends_at, created_at)
       select $1, i, 'promo', 3, 3, $3::timestamptz + i * interval '1 day', $3::timestamptz + i * interval '1 day', $3
       from generate_series(1, $2::integer) i
     ), booked as (
       insert into entries (user_id, kind, amount, balance_after, created_at) select $1, 'grant', 3 * $2::integer, 0, $3
     )
     update accounts set front_grant_id = 1, front_left = 3, rest = 3 * ($2::integer - 1),
       next_due_at = $3::timestamptz + interval '1 day' where user_id = $1`,
    [userId, count, new Date(clock.nowMs)],
  );
}

/** How many statements it takes to add a grant to `count` others, to end half of them, and to burn all others but one. */
async function statementsWith(t: Test, count: number, store: Awaited<ReturnType<typeof freshPglite>>) {
  const { farebox, sent, userId } = await countedStatements(t, store);
  const { clock, ledger } = farebox;
  await ledger.withAccount({ userId }, () => undefined);
  await giveMany(farebox, userId, count);
  const cost = async (run: () => Promise<unknown>): Promise<number> => {
    const before = sent.statements;
    await run();
    return sent.statements - before;
  };
  const give = (amount: number, keyHash: string) =>
    grantTokens(
      farebox,
      { user: 'web:crowded', amount, source: 'adjustment', reason: 'test', expiresAt: null, metadata: null },
      { keyHash, payloadHash: keyHash },
    );
  const added = await cost(() => give(7, '00000000-0000-0000-0000-000000000001'));
  clock.nowMs += (count / 2) * DAY_MS;
  const ended = await cost(() => ledger.withAccount({ userId }, () => undefined));
  t.match(await readBalance(farebox, 'web:crowded'), { value: { total: 7 + (3 * count) / 2 } });
  const burned = await cost(() => give(3 - (3 * count) / 2, '00000000-0000-0000-0000-000000000002'));
  t.match(await readBalance(farebox, 'web:crowded'), { value: { total: 10 } });
  t.strictSame((await ledger.audit()).mismatches, []);
  return { added, burned, ended };
}

t.test('a balance shows the 100 grants that burn next, and says where there are more', async (t) => {
  const { call } = await testApp(t);
  const give = (i: number) =>
    call('POST', '/tokens/grant', {
      body: {
        ...{ user: 'web:many', amount: 1 + i, source: 'promo', reason: 'test' },
        expiresAt: new Date(Date.UTC(2099, 0, 1) - i * DAY_MS).toISOString(),
      },
      headers: { 'idempotency-key': `g${i}` },
    });
  const read = async () => (await call('GET', '/users/web:many/balance')).body;
  for (let i = 0; i < 100; i++) await give(i);
  const hundred = await read();
  t.equal(hundred.grants.length, 100);
  t.notOk('moreGrants' in hundred);
  await give(100);
  const more = await read();
  t.match(more, { moreGrants: true, total: (101 * 102) / 2 });
  t.strictSame(
    more.grants.map((grant: { remaining: number }) => grant.remaining),
    Array.from({ length: 100 }, (_, i) => 101 - i),
    'the soonest to expire first',
  );
});
