import { createHash } from 'node:crypto';
import type { Product } from '../billing/index.js';
import type { TgPaid } from '../telegram/types.js';
import type { Goods } from './catalogue.js';

/** Whether a plan that would wait its turn does so, or begins at once. */
export type Start = 'after' | 'now';

/**
 * What an invoice is for: `tier:professional:1`, `tier:professional:1:now`, `pack:pack-500`. The payload names the
 * product and never the payer. Without a start (older invoices, and whatever begins at once) the service's default holds.
 */
export type Item = TierItem | { kind: 'pack'; id: string };
export interface TierItem {
  kind: 'tier';
  id: string;
  months: number;
  start?: Start;
}

export const STARS = 'XTR';
export type Currency = typeof STARS | 'RUB';

export function payloadOf(item: Item): string {
  if (item.kind === 'pack') return `pack:${item.id}`;
  return ['tier', item.id, item.months, ...(item.start === undefined ? [] : [item.start])].join(':');
}

/** What an invoice carries: the product, and which version of it was promised. */
export function invoicePayload(goods: Goods, item: Item): string {
  return `${payloadOf(item)}#${versionOf(goods, item)}`;
}

/** False: what is in it has changed since. An invoice of before versions promised nothing that could be compared. */
export function isStillPromised(goods: Goods, payload: string): boolean {
  const [, version] = /#([0-9a-f]{6})$/.exec(payload) ?? [];
  const item = itemOf(payload);
  return version === undefined || item === undefined || version === versionOf(goods, item);
}

/** Six figures of what the buyer was told is in it. The price is not part of it: Telegram tells that by itself. */
function versionOf(goods: Goods, item: Item): string {
  const pack = goods.packs.find((one) => item.kind === 'pack' && one.id === item.id);
  const tier = goods.tiers.find((one) => item.kind === 'tier' && one.id === item.id);
  const policies = tier?.policies.map(({ operation, limit, windowSeconds }) => [
    operation,
    limit,
    windowSeconds,
  ]);
  const promised = JSON.stringify([pack?.tokens, tier?.monthlyTokens, policies?.sort(), tier?.features]);
  return createHash('sha256').update(promised).digest('hex').slice(0, 6);
}

export function itemOf(invoice: string): Item | undefined {
  const payload = invoice.replace(/#[0-9a-f]{6}$/, '');
  const tier = /^tier:([^:]+):(\d{1,2})(?::(after|now))?$/.exec(payload);
  if (tier?.[1] !== undefined) {
    const start = tier[3] as Start | undefined;
    return { kind: 'tier', id: tier[1], months: Number(tier[2]), ...(start === undefined ? {} : { start }) };
  }
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
  return { tier: item.id, months: item.months, ...(item.start === undefined ? {} : { start: item.start }) };
}

/** Charge ids are unique within the way of paying. */
export function providerOf(currency: string): string {
  return currency === STARS ? 'telegram_stars' : 'telegram_payments';
}
