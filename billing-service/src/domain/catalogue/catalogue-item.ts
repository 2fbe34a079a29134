/** Catalogue items with their members in one order, so that the same content always reads, and hashes, the same. */
import type { Operation, Pack, Policy, Price, Rate, Tier } from './catalogue.js';

export const tierItem = (tier: Tier): Tier =>
  Object.freeze({
    id: tier.id,
    name: tier.name,
    monthlyTokens: tier.monthlyTokens,
    overdraft: tier.overdraft,
    maxOpenReservations: tier.maxOpenReservations,
    requiresChannel: tier.requiresChannel,
    graceSeconds: tier.graceSeconds,
    prices: tier.prices.map(priceItem),
    policies: tier.policies.map(policyItem),
    features: [...tier.features],
    position: tier.position,
  });

export const operationItem = ({ id, name, price, rates, unpriced }: Operation): Operation =>
  Object.freeze({ id, name, price, rates: rates.map(rateItem), unpriced });

export const packItem = ({ id, name, tokens, prices }: Pack): Pack =>
  Object.freeze({ id, name, tokens, prices: prices.map(priceItem) });

export const rateItem = ({ unit, model, price, per }: Rate): Rate => ({ unit, model, price, per });
const priceItem = ({ currency, amount }: Price): Price => ({ currency, amount });
const policyItem = ({ operation, limit, windowSeconds }: Policy): Policy => ({
  operation,
  limit,
  windowSeconds,
});
