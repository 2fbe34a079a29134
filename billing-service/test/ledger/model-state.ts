/**
 * The rules of the ledger once more, as plainly as they can be written: arrays, no front grant, no batches, no SQL.
 * Amounts in tokens, times in ms since the epoch; Infinity is "never".
 */

import type { Receipt } from '../../src/domain/catalogue/price-work.js';
import type { Model } from '../domain/plan/model.js';
import type { Product } from './call.js';

export interface ModelTier {
  id: string;
  position: number;
  graceSeconds: number;
  monthlyTokens: number;
  overdraft: number;
  maxOpenReservations: number | null;
  requiresChannel: boolean;
}

export interface ModelGrant {
  id: number;
  source: string;
  amount: number;
  left: number;
  expiresAt: number;
  /** When its end is looked at next: later than expiresAt only while open holds keep its tokens. */
  endsAt: number;
  /** Tokens that ended unspent. */
  ended: number;
  tier?: string;
  /** Of a tier's or a refund's grant: the period it belongs to. */
  period?: string;
  payment?: string;
  revoked?: boolean;
  /** What refunds of parts have not taken yet. */
  claimed?: number;
}

/** Who bore how much; null is debt. */
export type ModelPart = [grantId: number | null, tokens: number];

export type ModelReceipt = Omit<Receipt, 'priceVersion'> & { priceVersion: string };

export interface ModelReservation {
  label: string;
  operation: string;
  amount: number;
  createdAt: number;
  expiresAt: number;
  status: 'open' | 'committed' | 'refunded' | 'expired';
  asked: number;
  charged: number;
  refundedTotal: number;
  parts: ModelPart[];
  /** Which of RATE_SETS it was reserved under, and what was said of its work. */
  set: number;
  quantity: number;
  units: Record<string, number> | undefined;
  model: string | undefined;
  /** The hold's; a commit's is in its answer. */
  held: ModelReceipt;
  /** What the first commit answered. */
  answer?: object;
}

export interface ModelUser {
  name: string;
  /** Always that of `paid`. */
  tier: string;
  paid: Model;
  /** Its months, and how often gift began. */
  gift: { anchor: number | null; month: number; times: number };
  /** The periods that have had their tokens. */
  granted: Set<string>;
  joined: boolean;
  /** Limits of the user's own, perhaps over already. */
  own: { overdraft: number | null; maxOpenReservations: number | null; until: number } | null;
  grants: ModelGrant[];
  debt: number;
  spent: number;
  reservations: ModelReservation[];
  entries: { kind: string; amount: number; balanceAfter: number; uncollected: number }[];
  keys: Map<string, { payload: string; value: object }>;
}

export interface ModelPayment {
  user: string;
  content: string;
  product: Product;
  /** Where the length of a payment until a moment begins; null for others, and where another's holds it. */
  base: number | null;
  answer: object;
  refundAnswer?: object;
  /** Asked back in parts. */
  parts: number;
}

export interface World {
  now: number;
  tiers: Map<string, ModelTier>;
  prices: Record<string, number>;
  /** Which of RATE_SETS all operations have now. */
  set: number;
  users: Map<string, ModelUser>;
  payments: Map<string, ModelPayment>;
}

export type Answer =
  | { ok: true; value: object; replayed: boolean }
  | { ok: false; refusal: { kind: string } & Record<string, unknown> };

export const yes = (value: object): Answer => ({ ok: true, value, replayed: false });
export const again = (value: object): Answer => ({ ok: true, value, replayed: true });
export const no = (kind: string, more: Record<string, unknown> = {}): Answer => ({
  ok: false,
  refusal: { kind, ...more },
});

export const tierOf = (world: World, user: ModelUser): ModelTier => world.tiers.get(user.tier) as ModelTier;

export const sum = (amounts: number[]): number => amounts.reduce((a, b) => a + b, 0);
export const open = (user: ModelUser) => user.reservations.filter((r) => r.status === 'open');
export const reserved = (user: ModelUser): number => sum(open(user).map((r) => r.amount));
export const total = (user: ModelUser): number => sum(user.grants.map((g) => g.left)) - user.debt;
export const available = (user: ModelUser): number => total(user) - reserved(user);
export const balance = (user: ModelUser) => ({
  available: available(user),
  reserved: reserved(user),
  total: total(user),
});

export function affordable(world: World, user: ModelUser): Record<string, number | null> {
  const counts = Object.entries(world.prices).map(([operation, price]) => [
    operation,
    price === 0 ? null : Math.max(0, Math.floor(available(user) / price)),
  ]);
  return Object.fromEntries(counts);
}

/** Soonest end first, those without last, ties by creation. */
export const burnOrder = (user: ModelUser): ModelGrant[] =>
  user.grants
    .filter((g) => g.left > 0)
    .sort((a, b) => (a.expiresAt === b.expiresAt ? a.id - b.id : a.expiresAt - b.expiresAt));

export function book(user: ModelUser, kind: string, amount: number, uncollected = 0): void {
  const before = user.entries.at(-1)?.balanceAfter ?? 0;
  user.entries.push({ kind, amount, balanceAfter: before + amount, uncollected });
}

/** Takes tokens in burn order; what no grant covers stays over. */
export function burn(user: ModelUser, tokens: number): ModelPart[] {
  const parts: ModelPart[] = [];
  let wanted = tokens;
  for (const grant of burnOrder(user)) {
    const taken = Math.min(grant.left, wanted);
    if (taken === 0) break;
    grant.left -= taken;
    wanted -= taken;
    parts.push([grant.id, taken]);
  }
  if (wanted > 0) parts.push([null, wanted]);
  return parts;
}

export function payDebt(user: ModelUser): void {
  const payable = Math.min(user.debt, sum(user.grants.map((g) => g.left)));
  burn(user, payable);
  user.debt -= payable;
}

/** Tokens of refunded payments that no hold needs are taken back; returns how many. */
export function freeRevoked(user: ModelUser): number {
  let taken = 0;
  for (const grant of burnOrder(user)) {
    const claim = grant.revoked ? grant.left : Math.min(grant.left, grant.claimed ?? 0);
    const free = Math.min(claim, Math.max(0, available(user)));
    grant.claimed = Math.max(0, (grant.claimed ?? 0) - free);
    grant.left -= free;
    grant.ended += free;
    taken += free;
    if (free > 0) book(user, 'revoke', -free);
  }
  return taken;
}

export function addGrant(
  user: ModelUser,
  grant: Pick<ModelGrant, 'source' | 'amount' | 'expiresAt'> & Partial<ModelGrant>,
): ModelGrant {
  const made = {
    id: user.grants.length + 1,
    left: grant.amount,
    endsAt: grant.expiresAt,
    ended: 0,
    ...grant,
  };
  user.grants.push(made);
  return made;
}
