import type { Payment, Tier, UserBalance } from '../billing/index.js';

type Upcoming = UserBalance['upcoming'][number];
type Paid = Pick<UserBalance, 'tier' | 'paidUntil' | 'renewsAt' | 'upcoming'>;

/** A stretch of one plan that waits. */
export interface WaitingPlan {
  name: string;
  from: string;
  until: string;
}

export const tierName = (tiers: Tier[], id: string): string => tiers.find((one) => one.id === id)?.name ?? id;

/** What waits, first first. Purchases of one plan in a row are one stretch: who paid for which part matters to nobody. */
export function waitingPlans(upcoming: Upcoming[], tiers: Tier[]): WaitingPlan[] {
  const plans: WaitingPlan[] = [];
  for (const { tier, from, until } of upcoming) {
    const name = tierName(tiers, tier);
    const last = plans.at(-1);
    if (last !== undefined && last.name === name && last.until === from) last.until = until;
    else plans.push({ name, from, until });
  }
  return plans;
}

/** What a payment itself bought, where all of it waits; undefined where it has begun. */
export function waitingPart(payment: Payment, tiers: Tier[]): WaitingPlan | undefined {
  const { provider, paymentId } = payment;
  const own = payment.upcoming.find(
    (one) => one.payment?.paymentId === paymentId && one.payment.provider === provider,
  );
  return payment.granted > 0 || own === undefined ? undefined : waitingPlans([own], tiers)[0];
}

/** The time paid for is over, and the plan is kept a little longer, without new tokens. */
export const isInGrace = ({ paidUntil, renewsAt }: Paid): boolean =>
  paidUntil !== null && renewsAt !== null && renewsAt > paidUntil;

/**
 * When a month of `tier`, bought now, would begin by its turn; null: at once. The service decides; this is told before the
 * purchase, by the same rule (docs/paid-time.md, 3 and 4): behind everything of no lower position.
 */
export function beginsAt(tier: string, paid: Paid, tiers: Tier[]): string | null {
  if (paid.paidUntil === null || isInGrace(paid)) return null;
  const position = (id: string) => tiers.find((one) => one.id === id)?.position ?? 0;
  if (position(tier) > position(paid.tier)) return null;
  const behind = paid.upcoming.find(
    (one) => one.payment !== null && position(one.tier) < position(tier),
  )?.from;
  return behind ?? paid.upcoming.at(-1)?.until ?? paid.paidUntil;
}
