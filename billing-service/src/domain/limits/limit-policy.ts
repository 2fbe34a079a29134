import type { Catalogue, Policy } from '../catalogue/catalogue.js';

/** A policy of the operation `*` counts all operations together. */
export const EVERY_OPERATION = '*';

/** A tier, or a user's own limits that have policies. */
type Policies = { policies: Policy[] };

const relevantOf = new WeakMap<Policies, Map<string, Policy[]>>();
const namesOfPolicies = new WeakMap<Policy[], string[]>();
const retainOfCatalogue = new WeakMap<Catalogue, number>();

/** The policies for this operation and `*`, in their order; the same array for the same tier object. */
export function relevantPolicies(source: Policies, operation: string): Policy[] {
  let byOperation = relevantOf.get(source);
  if (byOperation === undefined) {
    byOperation = new Map();
    relevantOf.set(source, byOperation);
  }
  let policies = byOperation.get(operation);
  if (policies === undefined) {
    policies = source.policies.filter((p) => p.operation === operation || p.operation === EVERY_OPERATION);
    byOperation.set(operation, policies);
  }
  return policies;
}

/** `all` or the operation, plus `-<windowSeconds>` where two of these policies would share the name. */
export function policyNames(policies: Policy[]): string[] {
  let names = namesOfPolicies.get(policies);
  if (names === undefined) {
    const short = policies.map((p) => (p.operation === EVERY_OPERATION ? 'all' : p.operation));
    const taken = (name: string) => short.filter((other) => other === name).length > 1;
    names = policies.map((p, i) =>
      taken(short[i] as string) ? `${short[i]}-${p.windowSeconds}` : (short[i] as string),
    );
    namesOfPolicies.set(policies, names);
  }
  return names;
}

/** How long a count is kept so that a change of tier keeps it: the longest window of any tier; 0 without policies. */
export function retainSeconds(catalogue: Catalogue): number {
  let longest = retainOfCatalogue.get(catalogue);
  if (longest === undefined) {
    longest = 0;
    for (const tier of catalogue.tiers.values()) longest = Math.max(longest, longestWindow(tier));
    retainOfCatalogue.set(catalogue, longest);
  }
  return longest;
}

export const longestWindow = ({ policies }: Policies): number =>
  policies.reduce((longest, { windowSeconds }) => Math.max(longest, windowSeconds), 0);
