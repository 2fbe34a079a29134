import { type Terms, termsText } from '../account/reservation-receipt.js';
import { type Catalogue, MAX_TOKENS, type PriceVersion } from '../catalogue/catalogue.js';
import { priceWork, type Receipt, type Units } from '../catalogue/price-work.js';
import { accept, type Result, refuse } from '../refusal.js';

interface Asked {
  operation: string;
  quantity: number;
  /** In place of all that prices come to. */
  amount: number | undefined;
  units: Units | undefined;
  model: string | null;
}

export interface PricedHold {
  /** Its total is what to hold. */
  receipt: Receipt;
  /** What the reservation keeps of it. */
  terms: string | null;
}

/** What to hold for an operation at its present prices. Refusals: unknown_operation, invalid. */
export function priceHold(
  { operations, priceVersions }: Pick<Catalogue, 'operations' | 'priceVersions'>,
  asked: Asked,
): Result<PricedHold> {
  const operation = operations.get(asked.operation);
  if (!operation) return refuse({ kind: 'unknown_operation', operation: asked.operation });
  const { quantity, amount, units, model } = asked;
  const version = priceVersions.get(operation.id) as number;
  const terms: Terms = {};
  if (model !== null && operation.rates.some((rate) => rate.model === model)) terms.model = model;
  if (amount !== undefined) {
    if (units !== undefined) return refuse(besideAmount('units'));
    return accept({ receipt: plainReceipt(version, amount, 1), terms: termsText(terms) });
  }
  if (quantity !== 1) terms.quantity = quantity;
  if (units === undefined && operation.price * quantity <= MAX_TOKENS)
    return accept({ receipt: plainReceipt(version, operation.price, quantity), terms: termsText(terms) });
  if (units !== undefined) terms.units = units;
  const priced = priceWork({ ...operation, version }, { quantity, units: units ?? null, model });
  return priced.ok ? accept({ receipt: priced.value, terms: termsText(terms) }) : priced;
}

export const besideAmount = (field: 'units' | 'quantity') => ({
  kind: 'invalid' as const,
  errors: [{ field, message: 'must be left out where amount is given' }],
});

/** Of most holds: no more than a few numbers. */
const plainReceipt = (priceVersion: PriceVersion['version'], price: number, quantity: number): Receipt => ({
  ...{ priceVersion, price, quantity, lines: [], total: price * quantity, estimated: false },
});
