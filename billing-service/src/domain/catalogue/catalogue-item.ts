/** Catalogue items with their members in one order, so that the same content always reads, and hashes, the same. */
import type { Operation, Pack, Policy, Price, Tier } from './catalogue.js';

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

export const operationItem = ({ id, name, price }: Operation): Operation =>
  Object.freeze({ id, name, price });

export const packItem = ({ id, name, tokens, prices }: Pack): Pack =>
  Object.freeze({ id, name, tokens, prices: prices.map(priceItem) });

const priceItem = ({ currency, amount }: Price): Price => ({ currency, amount });
const policyItem = ({ operation, limit, windowSeconds }: Policy): Policy => ({
  operation,
  limit,
  windowSeconds,
});
