/** What both statements (quick and exact) take and return. */
import type { PriceList } from '../../../domain/catalogue/catalogue.js';
import type { HotTransition, TransitionItem } from '../../../domain/ports/ledger.js';
import { plainArray, textArray } from '../driver/array-literal.js';
import type { BatchContext } from './batch.js';

const ACTS = { commit: 1, release: 2, extend: 3 } as const;

export interface TransitionRow {
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

/** Only the first item of a reservation in a batch can be hot, and the second item of a key must see the first. */
export const conflictsOfTransition = (item: TransitionItem): string[] =>
  item.key ? [item.id, `${item.userId}/${item.key.keyHash}`] : [item.id];

export const toTransition = (
  { reference, operation, hold, cost, expires_at, available, reserved }: TransitionRow,
  priceList: PriceList,
): HotTransition => ({
  priceList,
  status: 'done',
  reference,
  operation,
  hold,
  charged: cost,
  expiresAt: expires_at?.getTime() ?? null,
  balance: { available, reserved, total: available + reserved },
});

export function transitionParameters(items: TransitionItem[], { now, priceList }: BatchContext): unknown[] {
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
  ];
}
