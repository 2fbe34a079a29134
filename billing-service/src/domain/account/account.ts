/** One account's tokens, grants, holds and plan in memory: what the slow path loads, changes and saves. */

import type { Tier } from '../catalogue/catalogue.js';
import type { Overrides } from '../catalogue/overrides.js';
import type { PaidBy, Plan } from '../plan/plan.js';
import type { Balance } from './balance.js';
import { burnOrder, type UnreadGrants } from './burn-order.js';
import type { EntryKind } from './entry.js';

/** How much of a charge one grant paid (null: it became debt). A pair, so that it is short when stored. */
export type Part = [grantId: number | null, tokens: number];

export type GrantSource = 'tier' | 'topup' | 'promo' | 'refund' | 'adjustment';

export interface Grant {
  id: number;
  source: GrantSource;
  amount: number;
  remaining: number;
  /** Ended unspent: expired or revoked. */
  ended: number;
  expiresAt: number | null;
  /** When its end is next looked at: expiresAt, or later while open holds keep its tokens. */
  endsAt: number | null;
  tier: string | null;
  tenure: number | null;
  period: number | null;
  payment: PaidBy | null;
  /** Its payment was refunded: what open holds need of it stays until they end, then it is taken back, too. */
  revoked: boolean;
  /** Of its tokens, how many a refund of a part of its payment has yet to take back: from what is free, or returns to it. */
  toRevoke: number;
  reason: string | null;
  metadata: string | null;
  createdAt: number;
}

export interface NewEntry {
  kind: EntryKind;
  amount: number;
  balanceAfter: number;
  source: GrantSource | null;
  operation: string | null;
  reservationId: string | null;
  metadata: string | null;
  createdAt: number;
  /** The hold's where there is one, else the account's at that moment; null for a hold that did not know it. */
  tier: string | null;
  model: string | null;
  /** What a charge asked for and did not get. */
  uncollected: number;
}

/** An open reservation, but for its name: two that hold as much and end together are one as good as the other. */
export interface Hold {
  amount: number;
  expiresAt: number;
}

export interface Account {
  reserved: number;
  debt: number;
  spent: number;
  /**
   * In burn order. Those with tokens (but for `unread`), all that are over among them, and ended or empty ones that this
   * call may return tokens to.
   */
  grants: Grant[];
  /** Of thousands of live grants those that burn last; null where all were read. */
  unread: UnreadGrants | null;
  nextGrantId: number;
  /** All open reservations. */
  holds: Hold[];
  /** How many holds ended by themselves: all whose end is not after the moment that the account was brought up to. */
  lapsed: number;
  /** How many periods of paid time ended by themselves. */
  turned: number;
  plan: Plan;
  /** The user's own limits, perhaps over already. */
  overrides: Overrides | null;
  /** What this call writes to the ledger. */
  entries: NewEntry[];
  tierOf(id: string): Tier;
}

/** All of them, in grants that were not read, too. */
export const tokensIn = (account: Account): number =>
  account.grants.reduce((sum, grant) => sum + grant.remaining, account.unread?.tokens ?? 0);
export const totalOf = (account: Account): number => tokensIn(account) - account.debt;
export const availableOf = (account: Account): number => totalOf(account) - account.reserved;

export function balanceOf(account: Account): Balance {
  const total = totalOf(account);
  return { available: total - account.reserved, reserved: account.reserved, total };
}

/** A grant still takes part while its expiry lies ahead; one kept for holds does not. */
export const isLive = (grant: Grant, now: number): boolean =>
  grant.expiresAt === null || grant.expiresAt > now;

export type NewGrant = Pick<Grant, 'source' | 'amount' | 'expiresAt' | 'createdAt'> & Partial<Grant>;

export function addGrant(account: Account, grant: NewGrant): Grant {
  const added: Grant = {
    remaining: grant.amount,
    ended: 0,
    endsAt: grant.expiresAt,
    tier: null,
    tenure: null,
    period: null,
    payment: null,
    revoked: false,
    toRevoke: 0,
    reason: null,
    metadata: null,
    ...grant,
    id: account.nextGrantId++,
  };
  account.grants.push(added);
  account.grants.sort(burnOrder);
  return added;
}

/** Writes an entry with the total as it stands (unless told otherwise): change the account first. */
export function record(
  account: Account,
  entry: Pick<NewEntry, 'kind' | 'amount' | 'createdAt'> & Partial<NewEntry>,
): void {
  account.entries.push({
    source: null,
    operation: null,
    reservationId: null,
    metadata: null,
    balanceAfter: totalOf(account),
    tier: account.plan.tier,
    model: null,
    uncollected: 0,
    ...entry,
  });
}
