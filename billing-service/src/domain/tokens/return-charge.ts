import { type Account, addGrant, isLive, record, totalOf } from '../account/account.js';
import { partsOf, type Reservation } from '../account/reservation.js';
import { squareUp } from '../account/square-up.js';
import { currentPeriod, isOf, type PaidBy } from '../plan/plan.js';

/**
 * Gives back `tokens` of a committed reservation, from the last part of its charge backwards, as if less had been
 * charged: into the grant they came from if it is still live, otherwise into this period's refund grant. What a revoked
 * grant had paid counts as refunded, but brings nothing back, and so does what a refund of a part of its payment still claims.
 */
export function returnCharge(
  account: Account,
  r: Reservation,
  tokens: number,
  now: number,
  metadata: string | null,
): void {
  let skip = r.refundedTotal;
  let left = tokens;
  let revoked = 0;
  for (const [grantId, size] of partsOf(r).toReversed()) {
    const given = Math.min(skip, size);
    skip -= given;
    const back = Math.min(left, size - given);
    left -= back;
    if (back > 0) revoked += returnPart(account, grantId, back, now, r.former !== null);
  }
  r.refundedTotal += tokens;
  account.spent -= tokens;
  const { operation, tier, model, id: reservationId } = r;
  const about = { operation, tier, model, reservationId, metadata, createdAt: now };
  record(account, { kind: 'refund', amount: tokens, ...about, balanceAfter: totalOf(account) + revoked });
  if (revoked > 0) record(account, { kind: 'revoke', amount: -revoked, ...about });
  squareUp(account, now);
}

/** Returns how many of the tokens are not given back because their grant's payment was refunded. */
function returnPart(
  account: Account,
  grantId: number | null,
  tokens: number,
  now: number,
  isFormer: boolean,
): number {
  if (grantId === null) {
    returnDebt(account, tokens, now);
    return 0;
  }
  const grant = account.grants.find((candidate) => candidate.id === grantId);
  if (!grant) throw new Error(`grant ${grantId} of the charge was not loaded`);
  if (grant.revoked) return tokens;
  const claimed = Math.min(tokens, grant.toRevoke);
  grant.toRevoke -= claimed;
  grant.ended += claimed;
  if (isLive(grant, now)) {
    const back = tokens - claimed;
    // What a former user had spent comes back beside what was moved, and ends with it.
    const { expiresAt, payment } = grant;
    if (!isFormer) grant.remaining += back;
    else if (back > 0)
      addGrant(account, { source: 'refund', amount: back, expiresAt, createdAt: now, payment });
  } else if (tokens > claimed) returnToPeriod(account, tokens - claimed, grant.payment, now);
  return claimed;
}

/**
 * A part that was debt lowers the debt; if the debt was paid since, the tokens that paid it come back without expiry.
 */
function returnDebt(account: Account, tokens: number, now: number): void {
  const lowered = Math.min(tokens, account.debt);
  account.debt -= lowered;
  if (tokens > lowered) {
    addGrant(account, { source: 'refund', amount: tokens - lowered, expiresAt: null, createdAt: now });
  }
}

/**
 * The current period's refund grant for tokens of this payment, or of none: the payment's own refund must find them.
 * Without expiry before a gift user's first join.
 */
function returnToPeriod(account: Account, tokens: number, payment: PaidBy | null, now: number): void {
  const current = currentPeriod(account.plan);
  const key = current && { tenure: current.tenure, period: current.period };
  const present = account.grants.find(
    (g) =>
      key && g.source === 'refund' && g.tenure === key.tenure && g.period === key.period && isOf(g, payment),
  );
  if (present) {
    present.amount += tokens;
    present.remaining += tokens;
  } else {
    const expiresAt = current?.until ?? null;
    addGrant(account, { source: 'refund', amount: tokens, expiresAt, createdAt: now, ...key, payment });
  }
}
