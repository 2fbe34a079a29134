import type { PriceList } from '../../../domain/catalogue/catalogue.js';
import type { HotTransition, TransitionItem } from '../../../domain/ports/ledger.js';
import { plainArray, textArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { Batch, type BatchContext, type BatchWatch, WRITES_IN_FLIGHT } from './batch.js';
import { hotStatement } from './hot-statement.js';
import type { LockedAccounts } from './locked-accounts.js';
import type { ModelNumbers } from './model-numbers.js';
import { ACTS } from './statement-text.js';

const MAX_ITEMS = 512;
const DONE = 1;

interface Row {
  ord: number;
  /** DONE, or 0: slow. */
  status: number;
  reference: string;
  operation: string;
  hold: number;
  cost: number;
  price_version: number | null;
  terms: string | null;
  /** Null but for an extension. */
  expires_at: Date | null;
  available: number;
  reserved: number;
}

/** All waiting commits, releases and extensions travel as hot/transition.sql. */
export function transitionBatch(
  database: Database,
  context: () => BatchContext,
  locked: LockedAccounts,
  models: ModelNumbers,
  watch?: BatchWatch,
): Batch<TransitionItem, HotTransition> {
  const statement = hotStatement<Row>(database, 'farebox_transition', 'transition');
  return new Batch({
    name: 'transition',
    ...watch,
    maxItems: MAX_ITEMS,
    maxInFlight: WRITES_IN_FLIGHT,
    work: 'ending',
    conflictsOf,
    send: async (items) => {
      const sent = context();
      const { rows, leftOut } = await statement(parameters(items, sent, models));
      const found = items.map((): Row | undefined => undefined);
      for (const row of rows) found[row.ord - 1] = row;
      return items.map(({ userId }, i): HotTransition => {
        const row = found[i];
        if (leftOut && !row) locked.add(userId);
        return row?.status === DONE ? toDone(row, sent.priceList) : { status: 'slow' };
      });
    },
  });
}

/** Only the first item of a reservation in a batch can be hot, and the second item of a key must see the first. */
const conflictsOf = (item: TransitionItem): string[] =>
  item.key ? [item.id, `${item.userId}/${item.key.keyHash}`] : [item.id];

const toDone = (
  { reference, operation, hold, cost, price_version, terms, expires_at, available, reserved }: Row,
  priceList: PriceList,
): HotTransition => ({
  priceList,
  status: 'done',
  reference,
  operation,
  hold,
  priceVersion: price_version,
  terms,
  charged: cost,
  expiresAt: expires_at?.getTime() ?? null,
  balance: { available, reserved, total: available + reserved },
});

function parameters(
  items: TransitionItem[],
  { now, priceList }: BatchContext,
  models: ModelNumbers,
): unknown[] {
  const plain = (pick: (item: TransitionItem) => string | number | null) => plainArray(items.map(pick));
  const text = (pick: (item: TransitionItem) => string | null) => textArray(items.map(pick));
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
    plain((i) => i.model && models.known(i.model)),
    text((i) => i.terms),
  ];
}
