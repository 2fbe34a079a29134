import t, { type Test } from 'tap';
import type { Tier } from '../../../../src/domain/catalogue/catalogue.js';
import { openCatalogueStore } from '../../../../src/stores/postgres/catalogue/catalogue-store.js';
import { BOTH, type TestDatabase } from '../../../support/databases.js';
import { LocalBus } from '../../../support/local-bus.js';
import { TEST_AUTHOR } from '../../../support/test-author.js';

async function instance(t: Test, fresh: TestDatabase, bus = new LocalBus()) {
  const database = await fresh.open();
  const catalogue = await openCatalogueStore(database, bus);
  t.teardown(() => catalogue.close());
  return { database, catalogue, bus };
}

const always = () => true;
const byPiece = { rates: [], unpriced: 'refuse' as const };

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);

    t.test('instances that start together on an empty database sell the same, once', async (t) => {
      const [a, b] = await Promise.all([instance(t, store), instance(t, store)]);
      t.strictSame(a.catalogue.current(), b.catalogue.current());
      const { tiers, operations, packs, priceList } = a.catalogue.current();
      t.strictSame([...tiers.keys()], ['gift', 'professional', 'business']);
      t.strictSame(tiers.get('business'), {
        id: 'business',
        name: 'Business',
        monthlyTokens: 10_000,
        overdraft: 0,
        maxOpenReservations: null,
        requiresChannel: false,
        graceSeconds: 0,
        prices: [
          { currency: 'RUB', amount: 349_000 },
          { currency: 'XTR', amount: 1_750 },
        ],
        policies: [{ operation: '*', limit: 100, windowSeconds: 60 }],
        features: ['Priority support'],
        position: 2,
      });
      t.equal(tiers.get('gift')?.requiresChannel, true);
      t.strictSame([...operations.keys()], ['chatgpt_message', 'image_generation']);
      t.strictSame([...packs.keys()], ['pack-2000', 'pack-500']);
      t.strictSame(priceList.prices, { chatgpt_message: 5, image_generation: 10 });
      const [lists] = await a.database.query('select count(*)::int as n from price_lists');
      t.strictSame(lists, { n: 1 });
    });

    t.test('a start puts nothing back that admin has changed', async (t) => {
      const { database, catalogue } = await instance(t, store);
      await database.query(`update tiers set monthly_tokens = 150 where id = 'gift'`);
      await catalogue.refresh();
      const again = await instance(t, store);
      t.equal(again.catalogue.current().tiers.get('gift')?.monthlyTokens, 150);
    });

    t.test('a write is seen at once here, and elsewhere when the bus tells of it', async (t) => {
      const [a, b] = [await instance(t, store), await instance(t, store)];
      const team: Tier = {
        ...(a.catalogue.current().tiers.get('business') as Tier),
        id: 'team',
        position: 1,
      };
      t.equal(await a.catalogue.by(TEST_AUTHOR).putTier(team, always), 'created');
      t.strictSame([...a.catalogue.current().tiers.keys()], ['gift', 'professional', 'team', 'business']);
      t.strictSame(a.bus.sent, [{ kind: 'catalogue' }]);
      t.notOk(b.catalogue.current().tiers.has('team'));
      b.bus.publish({ kind: 'catalogue' });
      await b.catalogue.refresh();
      t.strictSame(b.catalogue.current().tiers.get('team'), team);
      t.equal(await b.catalogue.by(TEST_AUTHOR).putTier({ ...team, position: 9 }, always), 'replaced');
    });

    t.test('a price change makes a new list; the old one stays as it was', async (t) => {
      const { catalogue } = await instance(t, store);
      const before = catalogue.current().priceList;
      await catalogue
        .by(TEST_AUTHOR)
        .putOperation({ id: 'a_very_long_operation', name: 'First', price: 7, ...byPiece }, always);
      const after = catalogue.current().priceList;
      t.ok(after.id > before.id);
      // jsonb would put the longest name last.
      t.strictSame(Object.keys(after.prices), [
        'a_very_long_operation',
        'chatgpt_message',
        'image_generation',
      ]);
      t.strictSame(await catalogue.priceList(before.id), before);
      t.equal(Object.keys((await catalogue.priceList(after.id)).prices)[0], 'a_very_long_operation');
      await catalogue
        .by(TEST_AUTHOR)
        .putOperation({ id: 'a_very_long_operation', name: 'Renamed', price: 7, ...byPiece }, always);
      t.equal(catalogue.current().priceList.id, after.id, 'a new name changes no price');
    });

    t.test('of two writers that expect the same state one wins', async (t) => {
      const [a, b] = [await instance(t, store), await instance(t, store)];
      const seen = (present: Tier | undefined) => present?.name === 'Professional';
      const tier = a.catalogue.current().tiers.get('professional') as Tier;
      const outcomes = await Promise.all([
        a.catalogue.by(TEST_AUTHOR).putTier({ ...tier, name: 'A' }, seen),
        b.catalogue.by(TEST_AUTHOR).putTier({ ...tier, name: 'B' }, seen),
      ]);
      t.strictSame(outcomes.sort(), ['precondition_failed', 'replaced']);
    });
  });
}
