/** Somebody's reading of the catalogue stands still. */
import t from 'tap';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';

t.setTimeout(120_000);
t.test(
  'a PUT of the catalogue that is saved is 200, and seen, whatever an earlier reading does',
  async (t) => {
    const real = openPostgres({
      url: await createTestDatabase(t),
      preparedStatements: usualWay() === 'direct',
    });
    t.teardown(() => real.close());
    let isStill = false;
    let goOn = () => {};
    const database: Database = {
      ...real,
      query: async <R>(text: string, values?: readonly unknown[]) => {
        const rows = await real.query<R>(text, values);
        if (isStill && /from price_lists/.test(text)) {
          isStill = false;
          await new Promise<void>((resolve) => {
            goOn = resolve;
          });
        }
        return rows;
      },
    };
    const { call, services } = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
    isStill = true;
    const stuck = services.catalogue.refresh();
    const pack = { name: 'P', tokens: 7, prices: [] };
    for (const tokens of [7, 8]) {
      t.match(await call('PUT', '/packs/p', { body: { ...pack, tokens } }), { status: /20[01]/ });
      t.match(await call('GET', '/packs/p'), { status: 200, body: { tokens } });
    }
    goOn();
    await stuck;
    t.match(
      await call('GET', '/packs/p'),
      { status: 200, body: { tokens: 8 } },
      'what it had read is too old',
    );
  },
);
