/** `GET /payments/summary`: what was sold, to the coin, and never summed over currencies. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

const DAY_MS = 86_400_000;
t.setTimeout(240_000);

interface Sold {
  provider: string;
  user: string;
  product: object;
  currency: string;
  amount: number;
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, clock } = await testApp(t, { store: await fresh(t) });
    clock.offsetMs += Date.parse('2030-01-30T12:00:00Z') - clock.now();
    let id = 0;
    const sell = async (sold: Sold) => {
      id += 1;
      const paid = await call('POST', '/payments', { body: { paymentId: `p${id}`, ...sold } });
      t.equal(paid.status, 201, paid.text);
      return `/payments/${sold.provider}/p${id}/refund`;
    };
    const rows = async (query = ''): Promise<Json[]> => {
      const answer = await call('GET', `/payments/summary?${query}`);
      t.equal(answer.status, 200, answer.text);
      return answer.body.items;
    };
    const row = (currency: string, figures: number[], group: object = {}) => {
      const [payments, amount, refunded, tokens, payers] = figures;
      return { ...group, currency, payments, amount, refunded, tokens, payers };
    };

    t.strictSame(await rows(), [], 'nothing sold');
    const stars = { provider: 'stars', currency: 'XTR' };
    const roubles = { provider: 'bank', currency: 'RUB' };
    await sell({ ...stars, user: 'web:a', product: { pack: 'pack-500' }, amount: 300 });
    const refund = await sell({ ...stars, user: 'web:a', product: { pack: 'pack-500' }, amount: 301 });
    await sell({ ...stars, user: 'web:b', product: { tokens: 7 }, amount: 5 });
    await sell({ ...roubles, user: 'web:b', product: { tier: 'professional', months: 2 }, amount: 398_000 });
    clock.offsetMs += 2 * DAY_MS;
    await sell({ ...roubles, user: 'web:c', product: { pack: 'pack-500' }, amount: 59_000 });
    t.equal((await call('POST', refund)).status, 200);

    t.test('without by: a row a currency', async (t) => {
      t.strictSame(await rows(), [row('RUB', [2, 457_000, 0, 2500, 2]), row('XTR', [3, 606, 301, 1007, 2])]);
      t.strictSame(await rows('by=currency'), await rows(), 'which is by currency');
    });

    t.test('by time, oldest first; by product and provider, the most money first', async (t) => {
      const [january, february] = [{ month: '2030-01' }, { month: '2030-02' }];
      t.strictSame(await rows('by=month'), [
        row('RUB', [1, 398_000, 0, 2000, 1], january),
        row('XTR', [3, 606, 301, 1007, 2], january),
        row('RUB', [1, 59_000, 0, 500, 1], february),
      ]);
      t.strictSame(
        (await rows('by=day,provider')).map(({ day, provider }) => [day, provider]),
        [
          ['2030-01-30', 'bank'],
          ['2030-01-30', 'stars'],
          ['2030-02-01', 'bank'],
        ],
      );
      t.strictSame(await rows('by=product'), [
        row('RUB', [1, 398_000, 0, 2000, 1], { product: 'tier:professional' }),
        row('RUB', [1, 59_000, 0, 500, 1], { product: 'pack:pack-500' }),
        row('XTR', [2, 601, 301, 1000, 1], { product: 'pack:pack-500' }),
        row('XTR', [1, 5, 0, 7, 1], { product: 'tokens' }),
      ]);
    });

    t.test('from is the first moment, to is the one behind the last', async (t) => {
      const at = (await call('GET', '/payments?limit=1')).body.items[0].createdAt;
      t.strictSame(await rows(`from=${at}`), [row('RUB', [1, 59_000, 0, 500, 1])]);
      t.strictSame(await rows(`to=${at}`), [
        row('RUB', [1, 398_000, 0, 2000, 1]),
        row('XTR', [3, 606, 301, 1007, 2]),
      ]);
      t.strictSame(await rows(`from=${at}&to=${at}`), []);
    });

    t.test('pages run through all rows, each once', async (t) => {
      const seen: Json[] = [];
      let cursor = '';
      do {
        const { body } = await call('GET', `/payments/summary?by=product&limit=1${cursor}`);
        seen.push(...body.items);
        cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
      } while (cursor);
      t.strictSame(seen, await rows('by=product'));
      const { body } = await call('GET', '/payments/summary?by=product&limit=1');
      const other = await call('GET', `/payments/summary?by=month&cursor=${body.nextCursor}`);
      t.match(other, { status: 400, body: { errors: [{ field: 'cursor' }] } }, 'of another question');
    });

    t.test(
      'later months of a tier count as its payment’s, and what was returned is not given twice',
      async (t) => {
        const hold = await call('POST', '/tokens/reserve', {
          body: { user: 'web:b', operation: 'chatgpt_message', amount: 100 },
        });
        const { reservationId } = hold.body;
        await call('POST', '/tokens/commit', { body: { reservationId } });
        clock.offsetMs += 31 * DAY_MS;
        await call('GET', '/users/web:b/balance');
        await call('POST', '/tokens/refund', { body: { reservationId } });
        t.match((await rows('by=product'))[0], {
          product: 'tier:professional',
          amount: 398_000,
          tokens: 4000,
        });
      },
    );

    t.test('each fault is named, with its rule', async (t) => {
      const BY = 'must be one or two different ones of day, month, provider, currency, product, with a comma';
      for (const [query, field, message] of [
        ['by=hour', 'by', BY],
        ['by=day,day', 'by', BY],
        ['by=day,month,product', 'by', 'must be one or two names with a comma between'],
        ['from=yesterday', 'from', /must be a date-time/],
        ['from=2030-01-02T00:00:00Z&to=2030-01-01T00:00:00Z', 'to', 'must not lie before from'],
        ['limit=10001', 'limit', /1 to 10000/],
      ] as const) {
        const { status, body } = await call('GET', `/payments/summary?${query}`);
        t.match({ status, errors: body.errors }, { status: 400, errors: [{ field, message }] }, query);
      }
    });
  });
}
