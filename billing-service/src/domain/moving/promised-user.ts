import { type Account, addGrant, record } from '../account/account.js';
import { assertAccount } from '../account/assert-account.js';
import { finishChange } from '../account/change-account.js';
import { enterPlan } from '../account/enter-plan.js';
import { planView } from '../account/plan-view.js';
import type { Tier } from '../catalogue/catalogue.js';
import { currentPeriod, isOf, type PaidBy, type Plan } from '../plan/plan.js';
import type { NewUser } from '../ports/user-imports.js';
import type { ImportLine } from './import-line.js';
import { promisedPlan } from './promised-plan.js';

/** Whose payments the paid time of imported users is of, by the user's number: it can be refunded like any other. */
export const IMPORT_PROVIDER = 'import';
/** ISO 4217 for no currency: nobody paid here. */
const NO_CURRENCY = 'X'.repeat(3);
/** On each grant and entry. */
const REASON = 'import';

/** All that a line promises, as an account at `now`: what has ended or turned by then has done so. */
export function promisedUser(
  line: ImportLine,
  userId: number,
  { now, tierOf }: { now: number; tierOf: (id: string) => Tier },
): NewUser {
  const payment = { provider: IMPORT_PROVIDER, paymentId: String(userId) };
  const plan = promisedPlan(line, payment, now, tierOf);
  const account = accountOn(plan, line.tokensSpent, tierOf);
  if (line.tokensBalance === null) enterPlan(account, plan, now, now);
  else bringTokens(account, line.tokensBalance, now);
  finishChange(account, now);
  assertAccount(account, 0);
  const { username, firstName, locale } = line;
  return {
    ...{ username, firstName, locale, createdAt: line.createdAt ?? now, madeAt: now },
    account,
    payment: paymentOf(line, { userId, payment, account, bought: plan, now }),
  };
}

const accountOn = (plan: Plan, spent: number, tierOf: (id: string) => Tier): Account => ({
  ...{ reserved: 0, debt: 0, spent, holds: [], lapsed: 0, turned: 0 },
  ...{ grants: [], unread: null, nextGrantId: 1, entries: [], overrides: null },
  ...{ plan, tierOf },
});

/**
 * Up to what the tier gives a month ends with the period, and is gone where that is over; the rest never ends. Entries are
 * transfers: nothing was sold, given or spent here, so usage does not count them and nobody is told of a gift.
 */
function bringTokens(account: Account, balance: number, now: number): void {
  const { plan } = account;
  const period = currentPeriod(plan);
  const ofPeriod = period ? Math.min(Math.max(0, balance), account.tierOf(plan.tier).monthlyTokens) : 0;
  if (period && period.until > now && ofPeriod > 0) {
    const { tenure, period: number, until: expiresAt, payment } = period;
    const key = { tier: plan.tier, tenure, period: number, payment };
    addGrant(account, {
      ...key,
      source: 'tier',
      amount: ofPeriod,
      expiresAt,
      createdAt: now,
      reason: REASON,
    });
    note(account, ofPeriod, 'tier', now);
  }
  const rest = balance - ofPeriod;
  if (rest > 0) {
    const source = 'adjustment';
    addGrant(account, { source, amount: rest, expiresAt: null, createdAt: now, reason: REASON });
  } else account.debt = 0 - rest || 0;
  if (rest !== 0) note(account, rest, 'adjustment', now);
}

const note = (account: Account, amount: number, source: 'tier' | 'adjustment', createdAt: number): void =>
  record(account, {
    kind: 'transfer',
    amount,
    source,
    metadata: JSON.stringify({ reason: REASON }),
    createdAt,
  });

/** So that paid time is of a payment like all other. None where it is over already. */
function paymentOf(
  { references, paidUntil, periodEnd, tier }: ImportLine,
  of: { userId: number; payment: PaidBy; account: Account; bought: Plan; now: number },
): NewUser['payment'] {
  const { userId, payment, account, bought, now } = of;
  if (!account.plan.purchases.some((purchase) => isOf(purchase, payment))) return null;
  const user = references[0] as string;
  const product = { tier, until: new Date(paidUntil ?? periodEnd ?? now).toISOString() };
  const answer = { ...payment, user, product, granted: 0, ...planView(account) };
  return {
    ...payment,
    ...{ userId, reference: user, product, currency: NO_CURRENCY, amount: 0 },
    ...{ metadata: JSON.stringify({ reason: REASON }), answer: JSON.stringify(answer) },
    ...{ createdAt: now, refundedAt: null, refundAnswer: null, refundedTokens: 0, refundedAmount: 0 },
    base: bought.purchases[0]?.piece?.from ?? now,
  };
}
