/** A merge of what is not in the account's own entries: spent elsewhere, codes used, receipts, keys of settlements. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { importLines } from '../support/import-lines.js';
import { promoApp } from '../support/promo-app.js';
import type { Json } from '../support/test-app.js';

t.setTimeout(240_000);
const DAY_MS = 86_400_000;

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const app = await promoApp(t, store);
    const { call, clock, make, redeem } = app;
    const post = (url: string, body: object, key: string) =>
      call('POST', url, { body, headers: { 'idempotency-key': key } });
    const balance = async (user: string): Promise<Json> => (await call('GET', `/users/${user}/balance`)).body;
    const merge = (user: string, from: string) =>
      post(`/users/${user}/merge`, { from, reason: 'one person' }, `${user} ${from}`);
    const sound = async () => t.strictSame((await call('GET', '/audit')).body.mismatches, []);

    await t.test('what was spent elsewhere is carried along, each way', async (t) => {
      const imported = { tier: 'professional', periodEnd: new Date(clock.now() + 10 * DAY_MS).toISOString() };
      await importLines(app, [
        { user: 'telegram:i', ...imported, tokensBalance: 2300, tokensSpent: 15_000 },
        { user: 'web:i', tokensBalance: 40, tokensSpent: 70 },
      ]);
      const merged = await merge('web:i', 'telegram:i');
      t.equal(merged.status, 200, merged.text);
      t.match(await balance('web:i'), { tier: 'professional', total: 2340, spent: 15_070 });
      await sound();
      await post('/tokens/grant', { user: 'web:j', amount: 5, source: 'promo', reason: 'x' }, 'j');
      t.equal((await merge('web:j', 'web:i')).status, 200);
      t.match(await balance('telegram:i'), { total: 2345, spent: 15_070 });
      await sound();
      const database = await store.open();
      const sums = await database.query(
        `select coalesce(sum(spent), 0)::bigint as carried, (select sum(spent)::bigint from accounts
           where user_id in (select merged_into from former_users)) as spent from carried`,
      );
      t.strictSame(sums, [{ carried: 15_070, spent: 15_070 }], 'nothing of it twice');
    });

    await t.test('a code that either used is used', async (t) => {
      const [code = ''] = await make({ uses: 9 });
      const first = await redeem('telegram:c', code);
      t.equal(first.status, 201, first.text);
      await redeem('web:c', (await make())[0] ?? '');
      t.equal((await merge('web:c', 'telegram:c')).status, 200);
      t.equal((await redeem('web:c', code)).text, first.text, 'asked again: the first answer');
      t.match(await redeem('web:c', code, 'another use'), { status: 409, body: { code: 'code-used' } });
      t.match(await balance('web:c'), { total: 100 });
      await sound();
    });

    await t.test('receipts of the former user, and a settlement sent again under its key', async (t) => {
      const user = 'telegram:s';
      await post('/tokens/grant', { user, amount: 30, source: 'promo', reason: 'x' }, 's');
      const wish = { user, operation: 'chatgpt_message', amount: 10 };
      const { reservationId } = (await post('/tokens/reserve', wish, 'hold')).body;
      const committed = await post('/tokens/commit', { reservationId, amount: 8 }, 'commit');
      t.match(committed, { status: 200, body: { receipt: { total: 8 } } }, committed.text);
      t.equal((await merge('web:s', user)).status, 200);
      const read = (await call('GET', `/tokens/reservations/${reservationId}`)).body;
      t.strictSame(read.receipt, committed.body.receipt);
      const again = await post('/tokens/commit', { reservationId, amount: 8 }, 'commit');
      t.equal(again.text, committed.text, 'byte for byte');
      t.match(await balance('web:s'), { total: 22, spent: 8 });
      t.match(await post('/tokens/commit', { reservationId, amount: 9 }, 'commit'), { status: 422 });
      const back = await post('/tokens/refund', { reservationId }, 'back');
      t.match(back, { status: 200, body: { refunded: 8, balance: { total: 30 } } });
      t.equal((await post('/tokens/refund', { reservationId }, 'back')).text, back.text);
      t.match(await balance('web:s'), { total: 30, spent: 0 });
      await sound();
    });

    await t.test('a debt is paid by what the other has', async (t) => {
      const user = 'telegram:d';
      await call('PUT', `/users/${user}/overrides`, { body: { overdraft: 5, reason: 'x' } });
      await post('/tokens/grant', { user, amount: 6, source: 'promo', reason: 'x' }, 'd');
      await post('/tokens/grant', { user: 'web:d', amount: 10, source: 'promo', reason: 'x' }, 'd10');
      const wish = { user, operation: 'chatgpt_message', amount: 6 };
      const { reservationId } = (await post('/tokens/reserve', wish, 'd hold')).body;
      await post('/tokens/commit', { reservationId, amount: 10 }, 'd commit');
      t.match(await balance(user), { debt: 4, total: -4 });
      t.equal((await merge('web:d', user)).status, 200);
      t.match(await balance(user), { debt: 0, total: 6, available: 6, spent: 10 });
      await sound();
      await post('/tokens/refund', { reservationId }, 'd back');
      t.match(await balance(user), { debt: 0, total: 16, available: 16, spent: 0 });
      await sound();
    });

    await t.test('a part of a payment goes back once, also of what the former user had spent', async (t) => {
      const paid = { provider: 'card', paymentId: 'part', user: 'telegram:p', product: { tokens: 40 } };
      await post('/payments', { ...paid, currency: 'XTR', amount: 100 }, 'p');
      const wish = { user: 'telegram:p', operation: 'chatgpt_message', amount: 30 };
      const { reservationId } = (await post('/tokens/reserve', wish, 'p hold')).body;
      await post('/tokens/commit', { reservationId }, 'p commit');
      await post('/tokens/grant', { user: 'web:p', amount: 1, source: 'promo', reason: 'x' }, 'p1');
      t.equal((await merge('web:p', 'telegram:p')).status, 200);
      await post('/payments/card/part/refund', { tokens: 25 }, 'p part');
      t.match(await balance('web:p'), { total: 1 });
      await post('/tokens/refund', { reservationId }, 'p back');
      t.match(await balance('web:p'), { total: 16, spent: 0 }, '40 paid, 25 of them back, and the 1');
      await sound();
      t.equal((await post('/payments', { ...paid, currency: 'XTR', amount: 100 }, 'p')).status, 201);
      t.match(await balance('web:p'), { total: 16 }, 'not credited twice');
    });
  });
}
