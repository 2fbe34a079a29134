/** What an operation costs by unit: as it is written, and every version as it was. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';

const RATES = [
  { unit: 'input_tokens', model: null, price: 1, per: 1_000 },
  { unit: 'output_tokens', model: null, price: 4, per: 1_000 },
  { unit: 'output_tokens', model: 'gpt-5', price: 9, per: 1_000 },
];
const CHAT = { name: 'Chat', price: 2, rates: RATES, unpriced: 'free' };

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const database = await store.open();
    const { call } = await testApp(t, { store });
    const put = (body: object) => call('PUT', '/operations/chat', { body });
    const versions = () =>
      database.query<{ version: number; price: number; rates: object; unpriced: string }>(
        `select version, price, rates, unpriced from operation_prices where operation = 'chat' order by version`,
      );

    t.test('rates are written and read; left out there are none, and units are refused', async (t) => {
      t.match(await put({ name: 'Chat', price: 2 }), {
        status: 201,
        body: { rates: [], unpriced: 'refuse' },
      });
      t.match(await put(CHAT), { status: 200, body: { id: 'chat', ...CHAT } });
      const read = await call('GET', '/operations/chat');
      t.strictSame(read.body, { id: 'chat', ...CHAT });
      t.equal((await put(read.body)).text, read.text);
      const [line] = (await call('GET', '/audit-log?action=putOperation&limit=2')).body.items;
      t.match(line, { before: { rates: RATES }, after: { rates: RATES } });
    });

    t.test('faults of rates are 400 and named', async (t) => {
      const faults: [object, string][] = [
        [{ rates: [RATES[0], { ...RATES[0], price: 9 }] }, 'rates[1]'],
        [{ rates: [{ ...RATES[0], unit: 'Input' }] }, 'rates[0].unit'],
        [{ rates: [{ ...RATES[0], unit: 'a'.repeat(33) }] }, 'rates[0].unit'],
        [{ rates: [{ ...RATES[0], per: 0 }] }, 'rates[0].per'],
        [{ rates: [{ ...RATES[0], price: 0.5 }] }, 'rates[0].price'],
        [{ rates: [{ ...RATES[0], model: '' }] }, 'rates[0].model'],
        [{ rates: [{ unit: 'seconds', price: 1, per: 1 }] }, 'rates[0].model'],
        [{ unpriced: 'ask' }, 'unpriced'],
      ];
      for (const [change, field] of faults) {
        const { status, body } = await put({ ...CHAT, ...change });
        t.match({ status, body }, { status: 400, body: { errors: [{ field }] } }, field);
      }
    });

    t.test('each change of prices is a version; nothing else is', async (t) => {
      await put({ ...CHAT, name: 'Renamed' });
      await put({ ...CHAT, unpriced: 'refuse' });
      await put({ ...CHAT, price: 3 });
      await put({ ...CHAT, price: 3 });
      const numbered = (await versions()).map(({ version, price, unpriced }) => [version, price, unpriced]);
      t.strictSame(numbered, [
        [1, 2, 'refuse'],
        [2, 2, 'free'],
        [3, 2, 'refuse'],
        [4, 3, 'free'],
      ]);
    });

    t.test(
      'an instance of the version before, which knows no rates, makes versions by its writes',
      async (t) => {
        const before = (await versions()).length;
        const write = (price: number) =>
          database.query(
            `insert into operations (id, name, price) values ('chat', 'Chat', $1)
           on conflict (id) do update set name = 'Chat', price = $1`,
            [price],
          );
        await write(8);
        await write(8);
        const all = await versions();
        t.equal(all.length, before + 1);
        t.match(all.at(-1), { price: 8, rates: RATES, unpriced: 'free' }, 'the rates stay');
        await database.query(`insert into operations (id, name, price) values ('older', 'Older', 1)`);
        const [first] = await database.query(
          `select version, rates from operation_prices where operation = 'older'`,
        );
        t.strictSame(first, { version: 1, rates: [] });
      },
    );

    t.test('no version is ever changed or deleted', async (t) => {
      for (const statement of [
        'update operation_prices set price = 0',
        'delete from operation_prices',
        'truncate operation_prices',
      ]) {
        await t.rejects(database.query(statement), /only takes inserts/, statement);
      }
    });
  });
}
