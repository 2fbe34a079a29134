import { done, type Outcome, withIdempotency } from '../account/idempotency.js';
import type { CatalogueStore } from '../ports/catalogue-store.js';
import type { IdempotencyKey, Ledger } from '../ports/ledger.js';
import type { UserStore } from '../ports/user-store.js';
import { refuse } from '../refusal.js';
import type { NamedUser } from './read-user.js';
import { MAX_REFERENCES } from './user.js';

/**
 * Adds a second name for a user, say from another frontend; a name that the user already has is accepted again.
 * Refusals: too_many_references, reference_taken.
 */
export async function addReference(
  calls: { users: UserStore; ledger: Ledger; catalogue: CatalogueStore },
  { user, reference }: { user: string; reference: string },
  key: IdempotencyKey | undefined,
): Promise<Outcome<NamedUser>> {
  const { userId } = await calls.users.ensure(user);
  return withIdempotency<NamedUser>(calls, { userId, key, status: 201 }, async ({ plan }, tx) => {
    const { references } = await tx.userDetails();
    if (references.length >= MAX_REFERENCES && !references.includes(reference))
      return refuse({ kind: 'too_many_references', max: MAX_REFERENCES });
    if (!(await tx.addReference(reference))) return refuse({ kind: 'reference_taken', reference });
    const { tier, channelSubscribedAt } = plan;
    const details = await tx.userDetails();
    tx.describe({ before: { references }, after: { references: details.references } });
    return done({ user, ...details, tier, channelSubscribedAt });
  });
}
