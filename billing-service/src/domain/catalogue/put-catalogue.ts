import type { CatalogueEditor, PutOutcome } from '../ports/catalogue-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import { MAX_ITEMS, type Operation, type Pack, type Price, type Rate, type Tier } from './catalogue.js';
import { type Fault, policyFaults } from './policy-faults.js';
import { repeated } from './repeated.js';

/** Whether the caller's condition holds for what is there now (undefined = nothing is). */
export type Precondition<T> = (present: T | undefined) => boolean;
export type Put<T> = Result<{ outcome: Extract<PutOutcome, 'created' | 'replaced'>; item: T }>;

export async function putTier(
  catalogue: CatalogueEditor,
  tier: Tier,
  matches: Precondition<Tier>,
): Promise<Put<Tier>> {
  const faults = [...(await policyFaults(catalogue, tier.policies)), ...repeatedCurrencies(tier.prices)];
  return put('tiers', tier, faults, () => catalogue.putTier(tier, matches));
}

export const putOperation = (
  catalogue: CatalogueEditor,
  operation: Operation,
  matches: Precondition<Operation>,
): Promise<Put<Operation>> =>
  put('operations', operation, repeatedRates(operation.rates), () =>
    catalogue.putOperation(operation, matches),
  );

export const putPack = (
  catalogue: CatalogueEditor,
  pack: Pack,
  matches: Precondition<Pack>,
): Promise<Put<Pack>> =>
  put('packs', pack, repeatedCurrencies(pack.prices), () => catalogue.putPack(pack, matches));

async function put<T>(
  section: keyof typeof MAX_ITEMS,
  item: T,
  faults: Fault[],
  write: () => Promise<PutOutcome>,
): Promise<Put<T>> {
  if (faults.length > 0) return refuse({ kind: 'invalid', errors: faults });
  const outcome = await write();
  if (outcome === 'precondition_failed') return refuse({ kind: 'precondition_failed' });
  if (outcome === 'full') return refuse({ kind: 'catalogue_full', section, max: MAX_ITEMS[section] });
  return accept({ outcome, item });
}

const repeatedRates = (rates: readonly Rate[]): Fault[] =>
  repeated(rates, ({ unit, model }) => `${unit} ${model ?? ''}`).map((index) => ({
    field: `rates[${index}]`,
    message: 'has the unit and model of an earlier rate',
  }));

const repeatedCurrencies = (prices: readonly Price[]): Fault[] =>
  repeated(prices, ({ currency }) => currency).map((index) => ({
    field: `prices[${index}].currency`,
    message: 'has a price already',
  }));
