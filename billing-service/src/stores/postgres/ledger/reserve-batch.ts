import { readFileSync } from 'node:fs';
import type { HotReserve, ReserveItem } from '../../../domain/ports/ledger.js';
import { plainArray, textArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { Batch, type BatchContext, UNFIT, WRITES_IN_FLIGHT } from './batch.js';

const STATEMENT = readFileSync(new URL('./hot/reserve.sql', import.meta.url), 'utf8');

/** Enough for every connection of a busy instance; more would only make the arrays heavier. */
const MAX_ITEMS = 512;

interface Row {
  user_id: number;
  available: number;
  reserved: number;
}

/** One account's items, in their order, and what they come to. */
interface Share {
  items: ReserveItem[];
  amount: number;
  /** ms since the epoch: the end that comes first. */
  dueAt: number;
  maxOpen: number | null;
}

/** All reserves that are waiting travel as hot/reserve.sql; `context` is read when a batch leaves. */
export function reserveBatch(
  database: Database,
  context: () => BatchContext,
): Batch<ReserveItem, HotReserve | typeof UNFIT> {
  return new Batch({
    maxItems: MAX_ITEMS,
    maxInFlight: WRITES_IN_FLIGHT,
    conflictsOf: (item) => (item.key ? [`${item.userId}/${item.key.keyHash}`] : []),
    send: async (items) => {
      const { now, priceList } = context();
      const shares = shareOut(items);
      const rows = await database.hot<Row>(
        'farebox_reserve',
        STATEMENT,
        parameters(shares, now, priceList.id),
      );
      const answers = new Map<ReserveItem, HotReserve>();
      for (const { user_id, available, reserved } of rows) {
        const { items, amount } = shares.get(user_id) as Share;
        let left = available + amount;
        for (const item of items) {
          left -= item.amount;
          const balance = {
            available: left,
            reserved: reserved + available - left,
            total: available + reserved,
          };
          answers.set(item, { status: 'held', balance, priceList });
        }
      }
      return items.map((item) => answers.get(item) ?? UNFIT);
    },
  });
}

/** By account, in the order of their numbers, in which every statement takes its locks. */
function shareOut(items: readonly ReserveItem[]): Map<number, Share> {
  const shares = new Map<number, Share>();
  for (const item of [...items].sort((a, b) => a.userId - b.userId)) {
    const { userId, amount, expiresAt, maxOpenReservations } = item;
    const share = shares.get(userId);
    if (!share) {
      shares.set(userId, { items: [item], amount, dueAt: expiresAt, maxOpen: maxOpenReservations });
      continue;
    }
    share.items.push(item);
    share.amount += amount;
    share.dueAt = Math.min(share.dueAt, expiresAt);
    // Items of one account may have seen its tier at different moments.
    share.maxOpen = lesser(share.maxOpen, maxOpenReservations);
  }
  return shares;
}

const lesser = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

function parameters(shares: Map<number, Share>, now: number, priceListId: number): unknown[] {
  const accounts = [...shares.values()];
  const items = accounts.flatMap((share) => share.items);
  const ofAccounts = (pick: (share: Share) => number | null) => plainArray(accounts.map(pick));
  const plain = (pick: (item: ReserveItem) => string | number | null) => plainArray(items.map(pick));
  const text = (pick: (item: ReserveItem) => string | null) => textArray(items.map(pick));
  return [
    new Date(now).toISOString(),
    plainArray([...shares.keys()]),
    ofAccounts((s) => s.amount),
    ofAccounts((s) => s.items.length),
    ofAccounts((s) => s.dueAt - now),
    ofAccounts((s) => s.maxOpen),
    plain((i) => i.userId),
    plain((i) => i.id),
    text((i) => i.reference),
    text((i) => i.operation),
    plain((i) => i.amount),
    plain((i) => i.createdAt - now),
    plain((i) => i.expiresAt - now),
    text((i) => i.metadata),
    plain((i) => i.key?.keyHash ?? null),
    plain((i) => i.key?.payloadHash ?? null),
    text((i) => i.seed),
    plainArray(accounts.flatMap(laterAmounts)),
    priceListId,
  ];
}

/** For each item, what the later ones take: the account comes back as it is after all of them. */
function laterAmounts({ items, amount }: Share): number[] {
  let later = amount;
  return items.map((item) => {
    later -= item.amount;
    return later;
  });
}
