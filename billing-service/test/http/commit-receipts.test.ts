/** What a commit is charged by: its units, its quantity, an amount, or what was held. */
import t from 'tap';
import { decodeReservationId } from '../../src/domain/account/reservation-id.js';
import { BOTH } from '../support/databases.js';
import { CHAT, LINES, RECEIPT, ratedApp, UNITS } from '../support/rated-app.js';

t.setTimeout(240_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { clock, commit, database, hold, put, read, reserve, start } = await ratedApp(t, await fresh(t));

    t.test('a commit by units is priced as it was reserved, whatever the prices are now', async (t) => {
      const user = await start();
      const ids = [
        await hold(user, CHAT),
        await hold(user, { model: 'gpt-5' }),
        await hold(user, { amount: 50, model: 'gpt-5' }),
      ];
      const { priceVersion } = (await read(ids[0] as string)).receipt;
      await put({ price: 100, rates: [] });
      const units = { output_tokens: 1_000 };
      const receipt = {
        priceVersion,
        price: 2,
        quantity: 1,
        total: 11,
        lines: [{ ...LINES[1], quantity: 1_000 }],
      };
      for (const id of ids) {
        t.match(await commit(id, { units }), { status: 200, body: { amount: 11, uncollected: 0, receipt } });
      }
      t.match((await reserve(user, {})).body.receipt, { priceVersion: priceVersion + 1, price: 100 });
      await put();
      clock.offsetMs += 366 * 24 * 60 * 60 * 1000;
      t.match((await read(ids[1] as string)).receipt, receipt, 'also a year later');
    });

    t.test('2 of 3 delivered: the price that was kept, twice', async (t) => {
      const user = await start();
      const [plain, counted] = [
        await hold(user, { quantity: 3 }),
        await hold(user, { quantity: 3, ...CHAT }),
      ];
      t.match((await commit(plain, { quantity: 2 })).body, {
        ...{ reserved: 6, amount: 4, released: 2 },
        receipt: { price: 2, quantity: 2, lines: [], total: 4, estimated: false },
      });
      t.match((await commit(counted, { quantity: 2, units: { input_tokens: 1 } })).body, {
        receipt: { price: 2, quantity: 2, lines: [{ quantity: 1 }], total: 5, estimated: false },
      });
    });

    t.test('without units a hold that had some is charged as held, and marked estimated', async (t) => {
      const user = await start();
      const [whole, part, amount] = [
        await hold(user, CHAT),
        await hold(user, { quantity: 3, ...CHAT }),
        await hold(user, CHAT),
      ];
      t.match((await commit(whole)).body, { amount: 6, receipt: { ...RECEIPT, estimated: true } });
      t.match((await commit(part, { quantity: 2 })).body.receipt, {
        ...RECEIPT,
        ...{ quantity: 2, total: 8, estimated: true },
      });
      t.match((await commit(amount, { amount: 6 })).body.receipt, {
        price: 6,
        lines: [],
        total: 6,
        estimated: true,
      });
      t.match((await read(amount)).receipt, { price: 6, lines: [], total: 6, estimated: true });
    });

    t.test('total is what was asked for: what was charged, and what could not be', async (t) => {
      const user = await start(6);
      const id = await hold(user, CHAT);
      const { body } = await commit(id, { units: { input_tokens: 100_000 } });
      t.match(body, { amount: 6, uncollected: 96, receipt: { total: 102 } });
    });

    t.test('on the slow path it is the same', async (t) => {
      const user = await start();
      const slowly = () => database.query('update accounts set next_due_at = to_timestamp(0)');
      await slowly();
      const held = await reserve(user, CHAT, 'slow hold');
      t.match(held.body, { amount: 6, receipt: RECEIPT });
      t.equal((await reserve(user, CHAT, 'slow hold')).text, held.text);
      const id = held.body.reservationId;
      await slowly();
      const done = await commit(id, { units: { output_tokens: 100 } }, 'slow commit');
      t.match(done.body, {
        amount: 3,
        receipt: { lines: [{ price: 9, quantity: 100 }], total: 3, estimated: false },
      });
      t.equal((await commit(id, { units: { output_tokens: 100 } }, 'slow commit')).text, done.text);
      t.strictSame((await read(id)).receipt, done.body.receipt);
      const estimated = await hold(user, CHAT);
      await slowly();
      t.match((await commit(estimated)).body.receipt, { ...RECEIPT, estimated: true });
    });

    t.test('what says no more than a price or an amount stores nothing but the version', async (t) => {
      const user = await start();
      const stored = async (id: string) => {
        const { userId, id: uuid } = decodeReservationId(id) as { userId: number; id: string };
        const [row] = await database.query(
          'select terms, commit_terms from reservations where user_id = $1 and id = $2',
          [userId, uuid],
        );
        return row;
      };
      const nothing = { terms: null, commit_terms: null };
      for (const [body, end] of [
        [{}, {}],
        [{}, { amount: 1 }],
        [{ amount: 5, model: 'claude' }, { amount: 5 }],
      ]) {
        const id = await hold(user, body as object);
        await commit(id, end);
        t.strictSame(await stored(id), nothing);
      }
    });

    t.test('what was reserved before prices had versions has a receipt of the first', async (t) => {
      const user = await start();
      const [settled, open] = [await hold(user, { amount: 15 }), await hold(user, { amount: 15 })];
      const old = { price: 15, quantity: 1, lines: [], total: 15, estimated: false };
      await commit(settled);
      await database.query('update reservations set price_version = null');
      t.strictSame((await read(settled)).receipt, { priceVersion: 1, ...old });
      t.strictSame((await read(open)).receipt, { priceVersion: 1, ...old });
      for (const body of [{ quantity: 2 }, { units: UNITS }])
        t.match(await commit(open, body), { status: 400, body: { errors: [{ message: /send amount/ }] } });
      t.match((await commit(open, { amount: 4 })).body, {
        amount: 4,
        receipt: { priceVersion: 1, price: 4, total: 4 },
      });
    });
  });
}
