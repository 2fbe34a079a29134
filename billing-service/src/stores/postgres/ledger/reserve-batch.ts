import type { PriceList } from '../../../domain/catalogue/catalogue.js';
import type { HotReserve, ReserveItem } from '../../../domain/ports/ledger.js';
import { plainArray, textArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { AGAIN, Batch, type BatchContext, type BatchWatch, WRITES_IN_FLIGHT } from './batch.js';
import { hotStatement } from './hot-statement.js';
import type { LockedAccounts } from './locked-accounts.js';
import type { ModelNumbers } from './model-numbers.js';
import { STATUSES } from './statement-text.js';

/** Enough for every connection of a busy instance; more would only make the arrays heavier. */
const MAX_ITEMS = 512;

interface Row {
  ord: number;
  status: number;
  available: number;
  reserved: number;
}

/** All waiting reserves travel as hot/reserve.sql; `context` is read when a batch leaves. */
export function reserveBatch(
  database: Database,
  context: () => BatchContext,
  locked: LockedAccounts,
  models: ModelNumbers,
  watch?: BatchWatch,
): Batch<ReserveItem, HotReserve> {
  const statement = hotStatement<Row>(database, 'farebox_reserve', 'reserve');
  return new Batch({
    name: 'reserve',
    ...watch,
    maxItems: MAX_ITEMS,
    maxInFlight: WRITES_IN_FLIGHT,
    work: 'beginning',
    conflictsOf: (item) => (item.key ? [`${item.userId}/${item.key.keyHash}`] : []),
    send: async (items) => {
      const sent = context();
      const { rows, leftOut } = await statement(parameters(items, sent, models));
      const answers: (HotReserve | typeof AGAIN | undefined)[] = items.map(() => undefined);
      for (const row of rows) answers[row.ord - 1] = answerOf(row, sent.priceList);
      return items.map(({ userId }, i) => {
        if (leftOut && !answers[i]) locked.add(userId);
        return answers[i] ?? { status: 'slow' };
      });
    },
  });
}

function answerOf({ status, available, reserved }: Row, priceList: PriceList): HotReserve | typeof AGAIN {
  if (status === STATUSES.slow) return { status: 'slow' };
  if (status === STATUSES.again) return AGAIN;
  const balance = { available, reserved, total: available + reserved };
  return { status: status === STATUSES.held ? 'held' : 'refused', balance, priceList };
}

function parameters(
  items: ReserveItem[],
  { now, priceList, tierNumbers }: BatchContext,
  models: ModelNumbers,
): unknown[] {
  const plain = (pick: (item: ReserveItem) => string | number | null) => plainArray(items.map(pick));
  const text = (pick: (item: ReserveItem) => string | null) => textArray(items.map(pick));
  const time = (ms: number) => new Date(ms).toISOString();
  return [
    time(now),
    plain((i) => i.userId),
    plain((i) => i.id),
    text((i) => i.reference),
    text((i) => i.operation),
    plain((i) => i.amount),
    plain((i) => time(i.createdAt)),
    plain((i) => time(i.expiresAt)),
    text((i) => i.metadata),
    plain((i) => i.maxOpenReservations),
    plain((i) => i.key?.keyHash ?? null),
    plain((i) => i.key?.payloadHash ?? null),
    text((i) => i.seed),
    priceList.id,
    plain((i) => tierNumbers.get(i.tier) ?? null),
    plain((i) => i.model && models.known(i.model)),
    plain((i) => i.priceVersion),
    text((i) => i.terms),
  ];
}
