/** What both settling statements take and give. */
import type { PriceList } from '../../../domain/catalogue/catalogue.js';
import type { HotSettle, SettleItem } from '../../../domain/ports/ledger.js';
import { plainArray, textArray } from '../driver/array-literal.js';
import type { BatchContext } from './batch.js';

const ACTS = { commit: 1, release: 2, extend: 3 } as const;

export interface SettledRow {
  ord: number;
  reference: string;
  operation: string;
  hold: number;
  cost: number;
  /** Null but for an extension. */
  expires_at: Date | null;
  available: number;
  reserved: number;
}

/** Only a reservation's first item of a batch can be hot, and a key's second must see the first. */
export const conflictsOfSettle = (item: SettleItem): string[] =>
  item.key ? [item.id, `${item.userId}/${item.key.keyHash}`] : [item.id];

export const toSettled = (
  { reference, operation, hold, cost, expires_at, available, reserved }: SettledRow,
  priceList: PriceList,
): HotSettle => ({
  priceList,
  status: 'done',
  reference,
  operation,
  hold,
  charged: cost,
  expiresAt: expires_at?.getTime() ?? null,
  balance: { available, reserved, total: available + reserved },
});

export function settleParameters(items: SettleItem[], { now, priceList }: BatchContext): unknown[] {
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
