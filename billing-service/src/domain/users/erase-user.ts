import { type Account, record, tokensIn } from '../account/account.js';
import { burn } from '../account/burn.js';
import type { Deps } from '../deps.js';
import { accept, type Result, refuse } from '../refusal.js';

/** So long the answer waits for the words of a long history to go; the sweeper does what is left. */
const CLEAN_MS = 2_000;

/**
 * Forgets who a user is: names, metadata and all that was written about the user go, and each reference may name a new
 * user. The ledger keeps the number, and every token of it is accounted for.
 * Refusals: unknown_user, open_reservations, balance_left.
 */
export async function eraseUser(
  deps: Pick<Deps, 'users' | 'ledger' | 'erasures'>,
  { user, forfeit }: { user: string; forfeit: boolean },
): Promise<Result<null>> {
  const profile = await deps.users.find(user);
  if (!profile) return refuse({ kind: 'unknown_user', user });
  const { userId } = profile;
  const erased = await deps.ledger
    .withAccount({ userId }, async (account, tx): Promise<Result<null>> => {
      const { holds } = account;
      if (holds.length > 0) return refuse({ kind: 'open_reservations', open: holds.length });
      const left = tokensIn(account);
      if (left > 0 && !forfeit) return refuse({ kind: 'balance_left', left });
      writeOff(account, tx.now);
      await tx.eraseUser();
      return accept(null);
    })
    // Also where nobody heard whether it was done.
    .finally(() => deps.users.invalidate(userId));
  if (erased.ok) await deps.erasures.clean(performance.now() + CLEAN_MS);
  return erased;
}

/** Nothing is left and nothing is owed, so that the number's entries add up to what it has: zero. */
function writeOff(account: Account, at: number): void {
  let balanceAfter = tokensIn(account);
  for (const [grantId, taken] of burn(account, balanceAfter)) {
    const grant = account.grants.find(({ id }) => id === grantId);
    if (grant) grant.ended += taken;
    balanceAfter -= taken;
    const source = grant?.source ?? null;
    record(account, { kind: 'revoke', amount: -taken, source, balanceAfter, createdAt: at });
  }
  const { debt } = account;
  if (debt === 0) return;
  account.debt = 0;
  record(account, { kind: 'adjustment', amount: debt, source: 'adjustment', createdAt: at });
}
