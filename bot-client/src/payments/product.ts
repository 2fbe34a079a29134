import type { Product } from '../billing/index.js';
import type { TgPaid } from '../telegram/types.js';
import type { Goods } from './catalogue.js';

/** What an invoice is for: `tier:professional:1`, `pack:pack-500`. The payload names the product and never the payer. */
export type Item = { kind: 'tier'; id: string; months: number } | { kind: 'pack'; id: string };

export const STARS = 'XTR';

export function payloadOf(item: Item): string {
  return item.kind === 'tier' ? `tier:${item.id}:${item.months}` : `pack:${item.id}`;
}

export function itemOf(payload: string): Item | undefined {
  const tier = /^tier:([^:]+):(\d{1,2})$/.exec(payload);
  if (tier?.[1] !== undefined) return { kind: 'tier', id: tier[1], months: Number(tier[2]) };
  const pack = /^pack:([^:]+)$/.exec(payload);
  return pack?.[1] === undefined ? undefined : { kind: 'pack', id: pack[1] };
}

/** The price in the currency's smallest unit, or undefined where it is not sold for that. */
export function priceOf(goods: Goods, item: Item, currency: string): number | undefined {
  const thing = item.kind === 'tier' ? goods.tiers : goods.packs;
  const prices = thing.find((one) => one.id === item.id)?.prices;
  const price = prices?.find((one) => one.currency === currency)?.amount;
  return price === undefined || item.kind === 'pack' ? price : price * item.months;
}

/** What the service is told was bought. A subscription runs 30 days, not a month, so its end is named exactly. */
export function productOf(item: Item, paid: TgPaid): Product {
  if (item.kind === 'pack') return { pack: item.id };
  const end = paid.subscription_expiration_date;
  if (end !== undefined) return { tier: item.id, until: new Date(end * 1000).toISOString() };
  return { tier: item.id, months: item.months };
}

/** Charge ids are unique within the way of paying. */
export function providerOf(currency: string): string {
  return currency === STARS ? 'telegram_stars' : 'telegram_payments';
}
