import { UnavailableError } from '../ports/unavailable-error.js';

/** At most `limit` requests in any `windowSeconds`, for one operation or `*` for all together. */
export interface Policy {
  operation: string;
  limit: number;
  windowSeconds: number;
}

/** `amount` in the currency's smallest unit (kopecks; XTR whole). */
export interface Price {
  currency: string;
  amount: number;
}

export interface Tier {
  id: string;
  name: string;
  monthlyTokens: number;
  overdraft: number;
  maxOpenReservations: number | null;
  requiresChannel: boolean;
  /** How long the tier stays, without tokens, after the last time that was paid for. */
  graceSeconds: number;
  prices: Price[];
  policies: Policy[];
  features: string[];
  position: number;
}

export interface Operation {
  id: string;
  name: string;
  /** Tokens for quantity 1. */
  price: number;
}

export interface Pack {
  id: string;
  name: string;
  tokens: number;
  prices: Price[];
}

/** The prices of all operations at one moment. Immutable, numbered and never deleted: replayed answers name it. */
export interface PriceList {
  id: number;
  /** Operation id → tokens, in the order of ids. */
  prices: Readonly<Record<string, number>>;
}

/** One consistent picture of what is sold; replaced as a whole when anything in it changes. */
export interface Catalogue {
  tiers: ReadonlyMap<string, Tier>;
  operations: ReadonlyMap<string, Operation>;
  packs: ReadonlyMap<string, Pack>;
  priceList: PriceList;
  /** What rows of the ledger name each tier by. */
  tierNumbers: ReadonlyMap<string, number>;
}

/**
 * How many there may be. Every answer with a balance says how many of each operation it buys, so it would grow with
 * them; and the whole catalogue is in every instance's memory.
 */
export const MAX_ITEMS = { tiers: 100, operations: 200, packs: 200 } as const;
/** One that this process has not heard of yet was made by another instance a moment ago: the next try will find it. */
export function tierIn({ tiers }: Catalogue, id: string): Tier {
  const tier = tiers.get(id);
  if (!tier) throw new UnavailableError(`tier ${id} is not in this process's catalogue yet`);
  return tier;
}

/** The tier that every user starts on and falls back to. */
export const GIFT_TIER = 'gift';

/** The most that one amount of tokens may be. */
export const MAX_TOKENS = 10 ** 12;
