import type { CatalogueEditor, PutOutcome } from '../ports/catalogue-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import { MAX_ITEMS, type Operation, type Pack, type Policy, type Price, type Tier } from './catalogue.js';

/** Whether the caller's condition holds for what is there now (undefined = nothing is). */
export type Precondition<T> = (present: T | undefined) => boolean;
export type Put<T> = Result<{ outcome: Extract<PutOutcome, 'created' | 'replaced'>; item: T }>;
type Fault = { field: string; message: string };

/** Another instance may have added an operation a moment ago, so one that is missing here is looked up again. */
export async function putTier(
  catalogue: CatalogueEditor,
  tier: Tier,
  matches: Precondition<Tier>,
): Promise<Put<Tier>> {
  const isKnown = (policy: Policy): boolean =>
    policy.operation === '*' || catalogue.current().operations.has(policy.operation);
  if (!tier.policies.every(isKnown)) await catalogue.refresh();
  const unknown = tier.policies.flatMap((policy, index): Fault[] =>
    isKnown(policy)
      ? []
      : [
          {
            field: `policies[${index}].operation`,
            message: 'is neither "*" nor an operation of the catalogue',
          },
        ],
  );
  const faults = [...unknown, ...repeatedPolicies(tier.policies), ...repeatedCurrencies(tier.prices)];
  return put('tiers', tier, faults, () => catalogue.putTier(tier, matches));
}

export const putOperation = (
  catalogue: CatalogueEditor,
  operation: Operation,
  matches: Precondition<Operation>,
): Promise<Put<Operation>> =>
  put('operations', operation, [], () => catalogue.putOperation(operation, matches));

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

/** Two policies of one operation and window: only the smaller limit could ever decide, so the other is a mistake. */
const repeatedPolicies = (policies: readonly Policy[]): Fault[] =>
  repeated(policies, ({ operation, windowSeconds }) => `${operation} ${windowSeconds}`).map((index) => ({
    field: `policies[${index}]`,
    message: 'has the operation and windowSeconds of an earlier policy',
  }));

const repeatedCurrencies = (prices: readonly Price[]): Fault[] =>
  repeated(prices, ({ currency }) => currency).map((index) => ({
    field: `prices[${index}].currency`,
    message: 'has a price already',
  }));

/** The positions of items whose name an earlier item has already. */
const repeated = <T>(items: readonly T[], nameOf: (item: T) => string): number[] => {
  const names = items.map(nameOf);
  return [...names.keys()].filter((index) => names.indexOf(names[index] as string) < index);
};
