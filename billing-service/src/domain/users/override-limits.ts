import type { Overrides } from '../catalogue/overrides.js';
import { inForce } from '../catalogue/overrides.js';
import { policyFaults } from '../catalogue/policy-faults.js';
import type { Deps } from '../deps.js';
import { accept, type Result, refuse } from '../refusal.js';
import type { NamedUser } from './read-user.js';

/**
 * Sets one user's limits in place of the tier's, all at once, or takes them away (null). What was counted stays counted,
 * and open holds stay open. Refusals: invalid.
 */
export async function overrideLimits(
  deps: Pick<Deps, 'users' | 'ledger' | 'catalogue' | 'clock'>,
  { user, overrides, reason }: { user: string; overrides: Overrides | null; reason: string | null },
): Promise<Result<NamedUser>> {
  const faults = await policyFaults(deps.catalogue, overrides?.policies ?? []);
  if (overrides && inForce(overrides, deps.clock.now()) === null)
    faults.push({ field: 'expiresAt', message: 'must be in the future' });
  if (faults.length > 0) return refuse({ kind: 'invalid', errors: faults });
  const { userId } = await deps.users.ensure(user);
  const change = deps.ledger.withAccount({ userId }, async (account, tx) => {
    const { tier, channelSubscribedAt } = account.plan;
    const before = await tx.userDetails();
    account.overrides = overrides;
    tx.describe({
      reason,
      before: { overrides: shown(before.overrides) },
      after: { overrides: shown(overrides) },
    });
    return { user, ...before, tier, channelSubscribedAt, overrides };
  });
  // Only when it has ended can nobody read it as it was before; also where nobody heard whether it was done.
  return accept(await change.finally(() => deps.users.invalidate(userId)));
}

const shown = (overrides: Overrides | null): object | null =>
  overrides && {
    ...overrides,
    expiresAt: overrides.expiresAt && new Date(overrides.expiresAt).toISOString(),
  };
