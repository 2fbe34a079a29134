/** What a charge is made of: by units and models, at the version of prices that its reservation keeps. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { CHAT, RATES, RECEIPT, ratedApp, UNITS } from '../support/rated-app.js';

t.setTimeout(240_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, commit, hold, put, read, reserve, start } = await ratedApp(t, await fresh(t));

    t.test('a hold by units: price × quantity, and all units rounded up once', async (t) => {
      const user = await start();
      const held = await reserve(user, CHAT);
      t.match(held, { status: 201, body: { amount: 6, receipt: RECEIPT, balance: { reserved: 6 } } });
      const body = { user, operation: 'chat', quantity: 3, ...CHAT };
      t.match(await call('POST', '/tokens/quote', { body }), {
        status: 200,
        body: { cost: 10, receipt: { ...RECEIPT, quantity: 3, total: 10 } },
      });
      t.match((await reserve(user, { ...CHAT, model: 'claude' })).body.receipt, {
        total: 5,
        lines: [{}, { model: null, price: 4 }],
      });
    });

    t.test('without units the lines are empty; an amount is its own price', async (t) => {
      const user = await start();
      const plain = { quantity: 1, lines: [], estimated: false };
      t.match((await reserve(user, {})).body.receipt, { ...plain, price: 2, total: 2 });
      t.match((await reserve(user, { quantity: 3 })).body.receipt, {
        ...plain,
        price: 2,
        quantity: 3,
        total: 6,
      });
      t.match((await reserve(user, { amount: 7 })).body.receipt, { ...plain, price: 7, total: 7 });
      const id = await hold(user, { quantity: 3 });
      t.match((await commit(id, { amount: 5 })).body, {
        ...{ reserved: 6, amount: 5, released: 1 },
        receipt: { ...plain, price: 5, total: 5 },
      });
    });

    t.test('a unit without a rate is refused by name, and nothing is held', async (t) => {
      const user = await start();
      const unpriced = await reserve(user, { units: { ...UNITS, seconds: 3 } });
      t.match(unpriced, {
        status: 400,
        body: { errors: [{ field: 'units.seconds', message: /has no rate/ }] },
      });
      const body = { user, operation: 'chatgpt_message', units: UNITS };
      for (const path of ['/tokens/reserve', '/tokens/quote'])
        t.match(await call('POST', path, { body }), {
          status: 400,
          body: { errors: [{ field: 'units.input_tokens' }] },
        });
      t.match(await commit(await hold(user, {}), { units: { seconds: 1 } }), {
        status: 400,
        body: { errors: [{ field: 'units.seconds' }] },
      });
      t.equal((await call('GET', `/users/${user}/balance`)).body.reserved, 2, 'the one that has no units');
      await put({ unpriced: 'free' });
      t.match((await reserve(user, { units: { seconds: 3 } })).body.receipt, {
        total: 2,
        lines: [{ unit: 'seconds', model: null, quantity: 3, price: 0, per: 1 }],
      });
      await put();
    });

    t.test('faults of units are 400 and named', async (t) => {
      const user = await start();
      const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`u${i}`, 1]));
      const faults: [object, string][] = [
        [{ units: {} }, 'units'],
        [{ units: many }, 'units'],
        [{ units: { Input: 1 } }, 'units.Input'],
        [{ units: { input_tokens: -1 } }, 'units.input_tokens'],
        [{ units: { input_tokens: 0.5 } }, 'units.input_tokens'],
        [{ units: { input_tokens: 1e12 + 1 } }, 'units.input_tokens'],
        [{ units: { input_tokens: '5' } }, 'units.input_tokens'],
        [{ units: UNITS, amount: 5 }, 'units'],
        [{ units: { output_tokens: 1e12 }, model: 'gpt-5', quantity: 1e6 }, ''],
      ];
      for (const [body, field] of faults) {
        const { status, body: answer } = await reserve(user, body);
        if (field === '') t.equal(status, 402, 'dear, and no fault');
        else t.match([status, answer.errors?.[0]?.field], [400, field], JSON.stringify(body).slice(0, 60));
      }
      await put({ rates: [{ ...RATES[0], per: 1, price: 2 }] });
      t.match((await reserve(user, { units: { input_tokens: 1e12 } })).body.errors, [{ field: 'units' }]);
      await put();
      const id = await hold(user, CHAT);
      for (const beside of [{ units: UNITS }, { quantity: 1 }]) {
        const answer = await commit(id, { amount: 5, ...beside });
        t.match(answer, { status: 400, body: { errors: [{ field: Object.keys(beside)[0] }] } });
      }
    });

    t.test('a reservation shows it, of the hold and then of the commit; so does the list', async (t) => {
      const user = await start();
      const id = await hold(user, CHAT);
      t.match((await read(id)).receipt, RECEIPT);
      await commit(id, { units: { input_tokens: 10 } });
      const { receipt } = await read(id);
      t.match(receipt, { lines: [{ quantity: 10 }], total: 3 });
      const listed = await call('GET', `/users/${user}/reservations`);
      t.strictSame(listed.body.items[0].receipt, receipt);
    });

    t.test('batches take and answer the same', async (t) => {
      const user = await start();
      const item = { user, operation: 'chat' };
      const held = await call('POST', '/tokens/reserve/batch', {
        body: { items: [{ ...item, ...CHAT }, item, { ...item, units: { seconds: 1 } }] },
      });
      const [one, two, three] = held.body.items;
      t.match(one, { status: 201, body: { receipt: RECEIPT } });
      t.match(three, { status: 400, body: { errors: [{ field: 'units.seconds' }] } });
      const ids = [one.body.reservationId, two.body.reservationId];
      const items = [
        { reservationId: ids[0], units: { input_tokens: 5 } },
        { reservationId: ids[1], quantity: 4 },
        { reservationId: ids[1], quantity: 4, amount: 1 },
      ];
      const { body } = await call('POST', '/tokens/commit/batch', { body: { items } });
      t.match(body.items, [
        { status: 200, body: { amount: 3, receipt: { lines: [{ quantity: 5 }], total: 3 } } },
        { status: 200, body: { amount: 8, receipt: { quantity: 4, total: 8 } } },
        { status: 400 },
      ]);
    });
  });
}
