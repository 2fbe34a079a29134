import { mergePlans } from '../plan/merge-plans.js';
import { type Account, record, totalOf } from './account.js';
import { burnOrder } from './burn-order.js';

/** What numbers of the account that was moved become in the other one. */
export interface Moved {
  grantOffset: number;
  tenureOffset: number;
}

/**
 * Moves all of `from` into `into`: both are up to date, every grant with tokens was read, and nothing of `from` is held. Each
 * side has an entry, and these add up to zero.
 */
export function mergeAccounts(into: Account, from: Account, now: number): Moved {
  const grantOffset = into.nextGrantId - 1;
  const { plan, tenures } = mergePlans(into.plan, from.plan, now, into.tierOf);
  const total = totalOf(from);
  for (const grant of from.grants) {
    grant.id += grantOffset;
    if (grant.tenure !== null) grant.tenure += tenures;
  }
  into.grants = [...into.grants, ...from.grants].sort(burnOrder);
  into.nextGrantId = grantOffset + from.nextGrantId;
  into.debt += from.debt;
  into.spent += from.spent;
  into.plan = plan;
  Object.assign(from, { grants: [], debt: 0, spent: 0 });
  if (total !== 0) {
    record(from, { kind: 'transfer', amount: -total, createdAt: now });
    record(into, { kind: 'transfer', amount: total, createdAt: now });
  }
  return { grantOffset, tenureOffset: tenures };
}
