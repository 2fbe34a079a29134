/** What the console reads of the API's answers; openapi.yaml has them whole. */

import type { Balance } from '../domain/account/balance.js';
import type { Receipt } from './priced-answers.js';

export type { Balance };

export interface User {
  user: string;
  references: string[];
  username: string | null;
  firstName: string | null;
  locale: string | null;
  tier: string;
  channelSubscribedAt: string | null;
  blocked: { reason: string; at: string } | null;
  overrides: Overrides | null;
  createdAt: string;
}

export interface Overrides {
  policies: Policy[] | null;
  maxOpenReservations: number | null;
  overdraft: number | null;
  expiresAt: string | null;
  reason: string;
}

export interface ListedUser extends User {
  balance: Balance;
}

export interface Grant {
  source: string;
  remaining: number;
  expiresAt: string | null;
}

export interface Upcoming {
  tier: string;
  from: string;
  until: string;
  payment: { provider: string; paymentId: string } | null;
}

export interface BalanceView extends Balance {
  user: string;
  tier: string;
  spent: number;
  debt: number;
  grants: Grant[];
  moreGrants?: boolean;
  affordable: Record<string, number | null>;
  renewsAt: string | null;
  paidUntil: string | null;
  upcoming: Upcoming[];
}

/** An account before or after a write, as the audit log keeps it. */
export interface Picture {
  tier: string;
  periodEnd: string | null;
  paidUntil: string | null;
  upcoming: Upcoming[];
  balance: Balance;
  debt: number;
}

export interface AuditLine {
  id: string;
  at: string;
  actor: { apiKeyId: string; name: string; via: string };
  action: string;
  user: string | null;
  target: string | null;
  reason: string | null;
  before: object | null;
  after: object | null;
}

export interface UsageRow {
  hour?: string | null;
  day?: string | null;
  month?: string | null;
  operation?: string | null;
  tier?: string | null;
  model?: string | null;
  user?: string | null;
  commits: number;
  charged: number;
  refunded: number;
  uncollected: number;
  granted: number;
  expired: number;
  revoked: number;
  adjusted: number;
}

export interface Usage {
  items: UsageRow[];
  nextCursor?: string;
  asOf: string;
}

export interface Entry {
  id: string;
  kind: string;
  amount: number;
  balanceAfter: number;
  source: string | null;
  operation: string | null;
  reservationId: string | null;
  createdAt: string;
  metadata: Record<string, unknown> | null;
}

export interface Reservation {
  reservationId: string;
  user: string;
  operation: string;
  amount: number;
  status: string;
  createdAt: string;
  expiresAt: string;
  settledAt: string | null;
  charged: number;
  refundedTotal: number;
  uncollected: number;
  late: boolean;
  metadata: Record<string, unknown> | null;
  receipt: Receipt;
}

export interface Payment {
  provider: string;
  paymentId: string;
  user: string;
  product: Record<string, unknown>;
  currency: string;
  amount: number;
  granted: number;
  createdAt: string;
  refundedAt: string | null;
  refundedTokens: number | null;
}

export interface Price {
  currency: string;
  amount: number;
}

export interface Policy {
  operation: string;
  limit: number;
  windowSeconds: number;
}

export interface Tier {
  id: string;
  name: string;
  monthlyTokens: number;
  overdraft: number;
  maxOpenReservations: number | null;
  requiresChannel: boolean;
  graceSeconds: number;
  prices: Price[];
  policies: Policy[];
  features: string[];
  position: number;
}

export interface Pack {
  id: string;
  name: string;
  tokens: number;
  prices: Price[];
}

export interface LimitState {
  name: string;
  operation: string;
  limit: number;
  windowSeconds: number;
  remaining: number;
  resetAt: string | null;
}

export interface ApiKey {
  id: string;
  name: string;
  scopes: string[];
  prefix: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt?: string | null;
}
