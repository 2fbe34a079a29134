import type { Deps } from '../deps.js';
import { accept, type Result, refuse } from '../refusal.js';

/**
 * Takes a name away from a user; it may then name a new one. Decided under the account's lock, so that of two who take
 * the last two names one is refused. Refusals: unknown_user, unknown_reference, last_reference.
 */
export async function removeReference(
  deps: Pick<Deps, 'users' | 'ledger'>,
  { user, reference }: { user: string; reference: string },
): Promise<Result<null>> {
  const profile = await deps.users.find(user);
  if (!profile) return refuse({ kind: 'unknown_user', user });
  const { userId } = profile;
  const change = deps.ledger.withAccount({ userId }, async (_account, tx): Promise<Result<null>> => {
    const { references } = await tx.userDetails();
    if (!references.includes(reference)) return refuse({ kind: 'unknown_reference', reference });
    if (references.length === 1) return refuse({ kind: 'last_reference', reference });
    await tx.removeReference(reference);
    const after = references.filter((name) => name !== reference);
    tx.describe({ before: { references }, after: { references: after } });
    return accept(null);
  });
  // Only when it has ended can nobody find the user by it any more; also where nobody heard whether it was done.
  return change.finally(() => deps.users.invalidate(userId));
}
