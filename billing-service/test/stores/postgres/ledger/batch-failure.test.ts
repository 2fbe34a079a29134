/** What is heard of a statement that failed. */
import t from 'tap';
import { OffsetClock } from '../../../../src/domain/ports/clock.js';
import { SILENT } from '../../../../src/domain/ports/telemetry.js';
import { openCatalogueStore } from '../../../../src/stores/postgres/catalogue/catalogue-store.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { openLedger } from '../../../../src/stores/postgres/ledger/open-ledger.js';
import { freshPglite } from '../../../support/databases.js';
import { LocalBus } from '../../../support/local-bus.js';

t.test('a failed statement of 512 items is told once, and each of its items goes the slow way', async (t) => {
  const real = await (await freshPglite(t)).open();
  const statements: string[] = [];
  const database: Database = {
    ...real,
    hot: async (name) => {
      statements.push(name);
      throw new Error('this statement is broken');
    },
  };
  const told: unknown[] = [];
  const catalogue = await openCatalogueStore(real, new LocalBus());
  t.teardown(() => catalogue.close());
  const ledger = openLedger(database, {
    clock: new OffsetClock(),
    catalogue,
    onPlanChange: () => {},
    telemetry: SILENT,
    onBatchFailure: (error) => told.push(error),
  });
  const items = Array.from({ length: 512 }, (_, i) => ({
    ...{
      act: 'commit' as const,
      userId: i + 1,
      id: `0198f6a0-0000-7000-8000-${String(i).padStart(12, '0')}`,
    },
    ...{
      reservationId: 'rsv',
      asked: null,
      until: null,
      metadata: null,
      model: null,
      terms: null,
      key: undefined,
    },
  }));
  const answers = await Promise.all(items.map((item) => ledger.transition(item)));
  t.ok(answers.every(({ status }) => status === 'slow'));
  t.strictSame(statements, ['farebox_transition']);
  t.strictSame(told, [new Error('this statement is broken')]);
});
