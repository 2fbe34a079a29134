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

/** `per` of a unit cost `price` tokens. */
export interface Rate {
  unit: string;
  /** Null: any that has no rate of its own for this unit. */
  model: string | null;
  price: number;
  per: number;
}

/** What becomes of a unit that has no rate. */
export type Unpriced = 'refuse' | 'free';

/** What an operation costs, from one change of it to the next. */
export interface Pricing {
  /** Tokens for quantity 1. */
  price: number;
  /** No two of one unit and model. */
  rates: Rate[];
  unpriced: Unpriced;
}

/** Immutable, numbered per operation from 1 and never deleted: a reservation names its own. */
export interface PriceVersion extends Pricing {
  version: number;
}

export interface Operation extends Pricing {
  id: string;
  name: string;
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
  /** The present price version of each operation. */
  priceVersions: ReadonlyMap<string, number>;
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
