import { readFileSync } from 'node:fs';
import type { PriceList } from '../../domain/catalogue.js';
import type { HotSettle, SettleItem } from '../../domain/ledger.js';
import { plainArray, textArray } from './array-literal.js';
import { Batch, type BatchContext, WRITES_IN_FLIGHT } from './batch.js';
import type { Database } from './database.js';

const STATEMENT = readFileSync(new URL('./hot/settle.sql', import.meta.url), 'utf8');
const ACTS = { commit: 1, release: 2, extend: 3 } as const;
const MAX_ITEMS = 512;

interface Row {
  ord: number;
  status: number;
  reference: string;
  operation: string;
  hold: number;
  cost: number;
  expires_at: Date;
  available: number;
  reserved: number;
}

/** All commits, releases and extensions that are waiting travel as hot/settle.sql. */
export function settleBatch(database: Database, context: () => BatchContext): Batch<SettleItem, HotSettle> {
  return new Batch({
    maxItems: MAX_ITEMS,
    maxInFlight: WRITES_IN_FLIGHT,
    // Only a reservation's first item of a batch can be hot, and a key's second must see the first.
    conflictsOf: (item) => (item.key ? [item.id, `${item.userId}/${item.key.keyHash}`] : [item.id]),
    send: async (items) => {
      const sent = context();
      const rows = await database.hot<Row>('farebox_settle', STATEMENT, parameters(items, sent));
      const answers: HotSettle[] = items.map(() => ({ status: 'slow' }));
      for (const row of rows) if (row.status === 1) answers[row.ord - 1] = answerOf(row, sent.priceList);
      return answers;
    },
  });
}

const answerOf = (
  { reference, operation, hold, cost, expires_at, available, reserved }: Row,
  priceList: PriceList,
): HotSettle => ({
  priceList,
  status: 'done',
  reference,
  operation,
  hold,
  charged: cost,
  expiresAt: expires_at.getTime(),
  balance: { available, reserved, total: available + reserved },
});

function parameters(items: SettleItem[], { now, priceList }: BatchContext): unknown[] {
  const plain = (pick: (item: SettleItem) => string | number | null) => plainArray(items.map(pick));
  const text = (pick: (item: SettleItem) => string | null) => textArray(items.map(pick));
  const time = (ms: number) => new Date(ms).toISOString();
  return [
    time(now),
    plain((i) => ACTS[i.act]),
    plain((i) => i.userId),
    plain((i) => i.id),
    plain((i) => i.asked),
    plain((i) => (i.until === null ? null : time(i.until))),
    text((i) => i.metadata),
    plain((i) => i.key?.keyHash ?? null),
    plain((i) => i.key?.payloadHash ?? null),
    priceList.id,
    text((i) => i.reservationId),
  ];
}
