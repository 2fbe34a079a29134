import { finishChange } from '../account/change-account.js';
import { done, earlierAnswer, given, keyed, type Outcome } from '../account/idempotency.js';
import { mergeAccounts } from '../account/merge-accounts.js';
import { pictureOf } from '../account/picture.js';
import type { Deps } from '../deps.js';
import type { IdempotencyKey, PairTransaction } from '../ports/ledger.js';
import { refuse } from '../refusal.js';
import type { NamedUser } from './read-user.js';
import { MAX_REFERENCES } from './user.js';

export interface Merge {
  /** Who stays. */
  user: string;
  /** Who becomes that user. */
  from: string;
  reason: string;
}

/**
 * Two users who are one person become one: names, tokens with their ends, debt, what was spent, payments, paid time and
 * keys of `from` are the other's. The stricter block holds, and the limits of one's own are those of who stays.
 * Refusals: unknown_user (`from`), invalid (both are one already), open_reservations, too_many_references.
 */
export async function mergeUsers(
  deps: Deps,
  { user, from, reason }: Merge,
  key: IdempotencyKey | undefined,
): Promise<Outcome<NamedUser>> {
  const { userId } = await deps.users.ensure(user);
  const earlier = await earlierAnswer<NamedUser>(deps, userId, key);
  if (earlier) return earlier;
  const other = await deps.users.find(from);
  if (!other) return refuse({ kind: 'unknown_user', user: from });
  if (other.userId === userId) {
    const message = `must be another user: ${from} and ${user} are one already`;
    return refuse({ kind: 'invalid', errors: [{ field: 'from', message }] });
  }
  const merged = deps.ledger.withPair({ userId, from: other.userId }, (tx) =>
    keyed<NamedUser>(tx, key, 200, () => merge(tx, { user, from, reason })),
  );
  // Only when it has ended can nobody read them as they were before; also where nobody heard whether it was done.
  const outcome = await merged.finally(() => {
    for (const number of [userId, other.userId]) deps.users.invalidate(number);
  });
  return given(deps, outcome);
}

async function merge(tx: PairTransaction, { user, from, reason }: Merge): Promise<Outcome<NamedUser>> {
  const { into, from: other } = tx;
  const open = other.holds.length;
  if (open > 0) return refuse({ kind: 'open_reservations', open });
  const [mine, theirs] = [await tx.userDetails(), await tx.formerDetails()];
  const references = [...mine.references, ...theirs.references];
  if (references.length > MAX_REFERENCES) return refuse({ kind: 'too_many_references', max: MAX_REFERENCES });
  const before = {
    ...{ references: mine.references, ...pictureOf(into) },
    from: { references: theirs.references, ...pictureOf(other) },
  };
  const moved = mergeAccounts(into, other, tx.now);
  finishChange(into, tx.now);
  await tx.move(moved);
  const details = await tx.userDetails();
  tx.describe({ reason, before, after: { references: details.references, ...pictureOf(into) } });
  tx.tell('user.merged', { from, references: details.references });
  const { tier, channelSubscribedAt } = into.plan;
  return done({ user, ...details, tier, channelSubscribedAt });
}
