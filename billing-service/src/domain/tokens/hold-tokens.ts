import { balanceOf } from '../account/account.js';
import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { done, type Outcome, seedOf, withIdempotency } from '../account/idempotency.js';
import { encodeReservationId, nextReservationUuid } from '../account/reservation-id.js';
import type { PriceList } from '../catalogue/catalogue.js';
import { allowed } from '../catalogue/overrides.js';
import type { Receipt, Units } from '../catalogue/price-work.js';
import type { Deps } from '../deps.js';
import type { IdempotencyKey, ReserveItem } from '../ports/ledger.js';
import type { LimitDecision } from '../ports/limit-store.js';
import { refuse } from '../refusal.js';
import type { UserProfile } from '../users/user.js';
import { addHold, openReservation, refuseHold } from './open-hold.js';
import type { PricedHold } from './price-hold.js';

export interface ReserveInput {
  user: string;
  operation: string;
  quantity: number;
  /** In place of all that prices come to. */
  amount: number | undefined;
  /** What it will use, or at most. */
  units?: Units | undefined;
  ttlSeconds: number;
  checkLimits: boolean;
  /** What it counts as against the limits; absent: its quantity. */
  limitCost?: number | undefined;
  /** JSON text. */
  metadata: string | null;
  /** What will do the work, for usage. */
  model: string | null;
}

export interface Reserved {
  reservationId: string;
  user: string;
  operation: string;
  amount: number;
  status: 'open';
  expiresAt: number;
  receipt: Receipt;
  balance: Balance;
  affordable: Affordable;
  limit?: LimitDecision;
}

/** As it is stored under a key: the receipt is the reservation's to keep. */
export type Unreceipted = Omit<Reserved, 'receipt'>;
/** What is known before the account was asked. */
type Held = Omit<Unreceipted, 'balance' | 'affordable'>;

/** Holds what was priced, the hot way where that can be. Refusals: insufficient_tokens, too_many_open_reservations. */
export async function hold(
  deps: Deps,
  input: ReserveInput,
  key: IdempotencyKey | undefined,
  profile: UserProfile,
  { receipt, terms }: PricedHold,
  limit?: LimitDecision,
): Promise<Outcome<Unreceipted>> {
  const amount = receipt.total;
  const createdAt = deps.clock.now();
  const tier = deps.catalogue.current().tiers.get(profile.tier);
  const id = nextReservationUuid(createdAt);
  const expiresAt = createdAt + input.ttlSeconds * 1000;
  const reservationId = encodeReservationId(profile.userId, id);
  const held: Held = {
    reservationId,
    user: input.user,
    operation: input.operation,
    amount,
    status: 'open',
    expiresAt,
  };
  if (limit) held.limit = limit;
  const item: ReserveItem = {
    userId: profile.userId,
    id,
    reference: input.user,
    operation: input.operation,
    amount,
    createdAt,
    expiresAt,
    metadata: input.metadata,
    tier: profile.tier,
    model: input.model,
    priceVersion: receipt.priceVersion,
    terms,
    maxOpenReservations: tier ? allowed('maxOpenReservations', tier, profile.overrides, createdAt) : null,
    key,
    seed: key ? seedOf(held) : null,
  };
  const hot = await deps.ledger.reserve(item);
  if (hot.status === 'slow') return holdSlowly(deps, item, held, receipt);
  const { balance, priceList } = hot;
  if (hot.status === 'held') {
    return done(reservedWith(held, receipt, balance, priceList));
  }
  return refuse({ kind: 'insufficient_tokens', cost: amount, available: balance.available });
}

function holdSlowly(
  deps: Deps,
  item: ReserveItem,
  held: Held,
  receipt: Receipt,
): Promise<Outcome<Unreceipted>> {
  return withIdempotency<Unreceipted>(
    deps,
    { userId: item.userId, key: item.key, status: 201 },
    async (account, tx) => {
      const refusal = refuseHold(account, item.amount, tx.now);
      if (refusal) return refuse(refusal);
      addHold(account, item);
      await tx.insertReservation(openReservation(item, account.plan.tier));
      return done(reservedWith(held, receipt, balanceOf(account), tx.priceList));
    },
  );
}

/** Member by member: a copy with `...` took 2.6 µs, this takes 0.1. */
function reservedWith(held: Held, receipt: Receipt, balance: Balance, { prices }: PriceList): Reserved {
  const { reservationId, user, operation, amount, status, expiresAt, limit } = held;
  const counts = affordable(balance.available, prices);
  const value: Reserved = {
    reservationId,
    user,
    operation,
    amount,
    status,
    expiresAt,
    receipt,
    balance,
    affordable: counts,
  };
  if (limit) value.limit = limit;
  return value;
}
