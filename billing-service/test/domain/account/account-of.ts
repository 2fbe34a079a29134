/** An account in memory, for what needs no store. */
import type { Account, Grant } from '../../../src/domain/account/account.js';
import type { Tier } from '../../../src/domain/catalogue/catalogue.js';

const TIER: Tier = {
  ...{
    id: 'professional',
    name: 'Professional',
    monthlyTokens: 100,
    overdraft: 0,
    maxOpenReservations: null,
  },
  ...{ requiresChannel: false, graceSeconds: 0, prices: [], policies: [], features: [], position: 1 },
};

/** What every grant has, of `tokens` that end at `expiresAt`. */
export const grantOf = (id: number, tokens: number, expiresAt: number | null): Grant => ({
  ...{ id, source: 'promo', amount: tokens, remaining: tokens, ended: 0, expiresAt, endsAt: expiresAt },
  ...{
    tier: null,
    tenure: null,
    period: null,
    payment: null,
    revoked: false,
    toRevoke: 0,
    reason: null,
    metadata: null,
  },
  createdAt: 0,
});

/** One on a tier whose first period has no end in sight. */
export function accountOf({ holds, grants }: Pick<Account, 'holds' | 'grants'>): Account {
  return {
    ...{
      debt: 0,
      spent: 0,
      grants,
      overrides: null,
      nextGrantId: grants.length + 1,
      holds,
      lapsed: 0,
      turned: 0,
      entries: [],
      unread: null,
    },
    reserved: holds.reduce((sum, hold) => sum + hold.amount, 0),
    tierOf: () => TIER,
    plan: {
      ...{ tier: TIER.id, tenure: 1, anchor: null, period: 0, periodGranted: true, graceUntil: null },
      ...{ purchases: [], channelSubscribedAt: null },
    },
  };
}
