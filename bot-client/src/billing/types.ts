/** The service's words as this client uses them; times are ISO-8601 strings, tokens whole numbers. */
export interface Balance {
  available: number;
  reserved: number;
  total: number;
}
/** How many of each operation the available tokens buy; null: it is free. */
export type Affordable = Record<string, number | null>;

export interface PolicyState {
  name: string;
  operation: string;
  limit: number;
  windowSeconds: number;
  remaining: number;
  resetAt: string;
}
export interface LimitState {
  allowed: boolean;
  checkId: string | null;
  tier: string;
  operation: string | null;
  limit: number | null;
  remaining: number | null;
  resetAt: string | null;
  retryAfter: number;
  policies: PolicyState[];
  degraded: boolean;
}
export interface ReserveRequest {
  user: string;
  operation: string;
  quantity?: number;
  amount?: number;
  ttlSeconds?: number;
  checkLimits?: boolean;
  metadata?: Record<string, unknown>;
}
export interface Reservation {
  reservationId: string;
  user: string;
  operation: string;
  amount: number;
  status: string;
  expiresAt: string;
  balance: Balance;
  affordable: Affordable;
  limit?: LimitState;
}
export interface Committed {
  reservationId: string;
  status: string;
  reserved: number;
  amount: number;
  released: number;
  uncollected: number;
  late: boolean;
  balance: Balance;
  affordable: Affordable;
}
export interface Refunded {
  reservationId: string;
  status: string;
  refunded: number;
  refundedTotal: number;
  balance: Balance;
}
export interface Quote {
  cost: number;
  canAfford: boolean;
  deficit: number;
  balance: Balance;
  affordable: Affordable;
}
export interface UserBalance extends Balance {
  user: string;
  tier: string;
  spent: number;
  debt: number;
  grants: { source: string; remaining: number; expiresAt: string | null }[];
  affordable: Affordable;
  renewsAt: string | null;
  paidUntil: string | null;
}
export interface Price {
  currency: string;
  amount: number;
}
export interface Tier {
  id: string;
  name: string;
  monthlyTokens: number;
  overdraft: number;
  maxOpenReservations: number | null;
  requiresChannel: boolean;
  prices: Price[];
  policies: { operation: string; limit: number; windowSeconds: number }[];
  features: string[];
  position: number;
}
export interface Pack {
  id: string;
  name: string;
  tokens: number;
  prices: Price[];
}
export interface Operation {
  id: string;
  name: string;
  price: number;
}
export interface User {
  user: string;
  references: string[];
  username: string | null;
  firstName: string | null;
  locale: string | null;
  tier: string;
  channelSubscribedAt: string | null;
  createdAt: string;
}
export type Product =
  | { tier: string; months: number }
  | { tier: string; until: string }
  | { pack: string }
  | { tokens: number };
export interface PaymentRequest {
  provider: string;
  paymentId: string;
  user: string;
  product: Product;
  currency: string;
  amount: number;
  metadata?: Record<string, unknown>;
}
export interface Payment {
  provider: string;
  paymentId: string;
  user: string;
  product: Product;
  granted: number;
  tier: string;
  periodEnd: string | null;
  paidUntil: string | null;
  balance: Balance;
}
export interface PaymentRefund {
  revoked: number;
  spent: number;
  tier: string;
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
export interface GrantRequest {
  user: string;
  amount: number;
  source: 'topup' | 'promo' | 'adjustment';
  expiresAt?: string;
  reason: string;
  metadata?: Record<string, unknown>;
}
export interface List<Item> {
  items: Item[];
  nextCursor?: string;
}
