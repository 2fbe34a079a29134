/** Promo codes, as an operator has them: made, listed, deleted. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { promoApp } from '../support/promo-app.js';

t.setTimeout(240_000);

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, keyWith, clock, make, redeem } = await promoApp(t, await fresh(t));

    t.test('a thousand at once, no two alike, in letters that nobody takes for each other', async (t) => {
      const codes = await make({ count: 1000, prefix: 'MAY' });
      t.equal(new Set(codes).size, 1000);
      for (const code of codes) {
        if (!/^MAY-[A-HJKMNP-RTV-Y34679]{4}-[A-HJKMNP-RTV-Y34679]{4}-[A-HJKMNP-RTV-Y34679]{5}$/.test(code))
          t.fail(code);
      }
      for (const count of [0, 1001]) {
        const body = { count, amount: 1, reason: 'x' };
        t.match(await call('POST', '/promo-codes', { body }), { body: { errors: [{ field: 'count' }] } });
      }
    });

    t.test('a retry under its key is answered with the same codes; another wish is refused', async (t) => {
      const wish = (body: object, key?: string) =>
        call('POST', '/promo-codes', {
          body: { count: 3, amount: 5, reason: 'x', ...body },
          headers: { 'idempotency-key': 'batch' },
          ...(key ? { key } : {}),
        });
      const all = await Promise.all(Array.from({ length: 8 }, () => wish({})));
      t.equal(new Set(all.map((one) => one.text)).size, 1, 'also of eight at once');
      t.equal(all.filter((one) => one.headers['idempotency-replayed'] === undefined).length, 1);
      t.strictSame(new Set(all.map((one) => one.status)), new Set([201]));
      t.match(await wish({ amount: 6 }), { status: 422, body: { code: 'idempotency-key-reused' } });
      const other = await wish({}, await keyWith('grants'));
      t.not(other.text, all[0]?.text, 'a key of another caller is another key');
    });

    t.test('what is wrong with a wish is said by its field', async (t) => {
      const past = new Date(clock.now() - 1).toISOString();
      const wrong = { amount: 0, uses: 0, usesPerUser: 0, grantSeconds: 0, prefix: '-x', expiresAt: past };
      for (const [field, value] of Object.entries(wrong)) {
        const body = { count: 1, amount: 1, reason: 'x', [field]: value };
        t.match(await call('POST', '/promo-codes', { body }), {
          status: 400,
          body: { errors: [{ field }] },
        });
      }
    });

    t.test(
      'the list shows each with what is left of it, newest first; support sees only how they begin',
      async (t) => {
        const codes = await make({ count: 3, uses: 2, grantSeconds: 60, prefix: 'Fall-' });
        await redeem('web:lists', codes[0] as string);
        const first = (await call('GET', '/promo-codes?limit=2')).body;
        const rest = (await call('GET', `/promo-codes?limit=1&cursor=${first.nextCursor}`)).body;
        const items = [...first.items, ...rest.items];
        t.strictSame(
          items.map(({ code }) => code),
          codes.toReversed(),
        );
        t.match(items[2], {
          amount: 50,
          uses: 2,
          used: 1,
          usesPerUser: 1,
          grantSeconds: 60,
          expiresAt: null,
        });
        t.match(items[0], { used: 0, reason: 'newsletter', createdAt: /Z$/ });
        const key = await keyWith('support');
        const [veiled] = (await call('GET', '/promo-codes?limit=1', { key })).body.items;
        t.match(veiled.code, /^Fall-.{4}-\*{4}-\*{5}$/);
        t.match(await call('GET', '/promo-codes?cursor=x'), { body: { errors: [{ field: 'cursor' }] } });
      },
    );
  });
}
