import type { CatalogueStore } from '../ports/catalogue-store.js';
import type { Policy } from './catalogue.js';
import { repeated } from './repeated.js';

export type Fault = { field: string; message: string };

/** What is wrong with a list of policies. Another instance may have added an operation a moment ago, so one that is missing here is looked up again. */
export async function policyFaults(
  catalogue: Pick<CatalogueStore, 'current' | 'refresh'>,
  policies: readonly Policy[],
): Promise<Fault[]> {
  const isKnown = ({ operation }: Policy): boolean =>
    operation === '*' || catalogue.current().operations.has(operation);
  if (!policies.every(isKnown)) await catalogue.refresh();
  const unknown = policies.flatMap((policy, index): Fault[] => {
    const field = `policies[${index}].operation`;
    return isKnown(policy) ? [] : [{ field, message: 'is neither "*" nor an operation of the catalogue' }];
  });
  return [...unknown, ...repeatedPolicies(policies)];
}

/** Two policies of one operation and window: only the smaller limit could ever decide, so the other is a mistake. */
const repeatedPolicies = (policies: readonly Policy[]): Fault[] =>
  repeated(policies, ({ operation, windowSeconds }) => `${operation} ${windowSeconds}`).map((index) => ({
    field: `policies[${index}]`,
    message: 'has the operation and windowSeconds of an earlier policy',
  }));
