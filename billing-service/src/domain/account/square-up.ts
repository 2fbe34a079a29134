/** What must hold before any answer tells a balance: debt is paid, and no refunded token can be spent. */
import { type Account, availableOf, type Grant, record } from './account.js';
import { burn } from './burn.js';

export function squareUp(account: Account, at: number): void {
  payDebt(account);
  revokeFreed(account, at);
}

/** Every credit pays debt first; the total stays, so no entry is written. */
export function payDebt(account: Account): void {
  const paid = burn(account, account.debt).reduce((sum, [, tokens]) => sum + tokens, 0);
  account.debt -= paid;
}

/**
 * Takes back what grants of refunded payments still have and open holds do not need: min(left, max(0, available)).
 * Returns how much. So revoked + spent + still held = given, at every moment (rule 5 of paid time).
 */
export function revokeFreed(account: Account, at: number): number {
  let revoked = 0;
  // Nearly always there are none.
  if (!holdsRevoked(account)) return revoked;
  // Summed up once: of a thousand grants each would sum up a thousand.
  let free = Math.max(0, availableOf(account));
  for (const grant of account.grants) {
    const taken = Math.min(claimOn(grant), free);
    if (taken === 0) continue;
    free -= taken;
    grant.remaining -= taken;
    grant.ended += taken;
    grant.toRevoke = Math.max(0, grant.toRevoke - taken);
    revoked += taken;
    const metadata = JSON.stringify(grant.payment);
    record(account, { kind: 'revoke', amount: -taken, source: grant.source, metadata, createdAt: at });
  }
  return revoked;
}

/** What is to be taken back of what a grant has left: all of a refunded payment, or what a refund of a part still claims. */
const claimOn = ({ revoked, remaining, toRevoke }: Grant): number =>
  revoked ? remaining : Math.min(remaining, toRevoke);

/** While holds live on tokens of a refunded payment no call may be hot: each could free some of them. */
export const holdsRevoked = (account: Account): boolean => account.grants.some((grant) => claimOn(grant) > 0);
