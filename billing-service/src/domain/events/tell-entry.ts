/** What an entry of the ledger tells. */
import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { encodeReservationId } from '../account/reservation-id.js';
import type { Receipt } from '../catalogue/price-work.js';
import type { EventType, Happening, NewEvent } from './event.js';

/** An entry as the ledger has it. */
export interface ToldEntry {
  userId: number;
  kind: string;
  amount: number;
  balanceAfter: number;
  source: string | null;
  operation: string | null;
  reservationId: string | null;
  model: string | null;
  uncollected: number | null;
  /** JSON text. */
  metadata: string | null;
  createdAt: number;
  /** The month's tokens of the tier that the entry was made under; 0 where that is not known. */
  periodTokens: number;
  /** Of a charge by commit: what it was answered with. */
  answered: Balance | null;
  /** Of a charge by commit. */
  receipt: Receipt | null;
}

/** What is told of a user whatever happened, as it is when it is told. */
export interface ToldUser {
  user: string;
  locale: string | null;
  balance: Balance;
  /** ms since the epoch. */
  renewsAt: number | null;
}

type Prices = Readonly<Record<string, number>>;

/** Told once at each crossing downward: a fifth of the period's tokens. */
const LOW_PART = 5;

/** In the order in which they are told. `about` is the user as read later: of the balance only what is held is taken. */
export function tellEntry(entry: ToldEntry, about: ToldUser, prices: Prices): NewEvent[] {
  // Tokens that changed their place were neither given nor spent.
  if (entry.kind === 'transfer') return [];
  const { balanceAfter: total, userId, createdAt: at } = entry;
  const reserved = about.balance.reserved;
  const balance = entry.answered ?? { available: total - reserved, reserved, total };
  const common = commonOf(about, balance, affordable(balance.available, prices));
  const event = (type: EventType, data: Record<string, unknown>): NewEvent => ({
    ...{ type, userId, at },
    data: { ...common, ...data },
  });
  const work = workOf(entry);
  const own = ownOf(entry);
  const events = own ? [event(own.type, { ...work, ...own.data })] : [];
  for (const threshold of crossed(entry, prices)) events.push(event('tokens.low', { ...work, threshold }));
  if (total <= 0 && total - entry.amount > 0) events.push(event('tokens.exhausted', work));
  return events;
}

/** The same for what is not in the ledger; without a user nothing is added. */
export function tellHappening(
  { type, userId, at, data, balance: known }: Happening,
  about: ToldUser | null,
  prices: Prices,
): NewEvent {
  if (!about) return { type, userId, at, data };
  const balance = known ?? about.balance;
  const common = commonOf(about, balance, affordable(balance.available, prices));
  return { type, userId, at, data: { ...common, ...data } };
}

const commonOf = ({ user, locale, renewsAt }: ToldUser, balance: Balance, buys: Affordable) => ({
  ...{ user, locale, balance, affordable: buys },
  renewsAt: renewsAt === null ? null : new Date(renewsAt).toISOString(),
});

/** The operation and the reservation, where there are any. */
const workOf = ({ userId, operation, reservationId }: ToldEntry): Record<string, unknown> => ({
  ...(operation === null ? {} : { operation }),
  ...(reservationId === null ? {} : { reservationId: encodeReservationId(userId, reservationId) }),
});

function ownOf(entry: ToldEntry): { type: EventType; data: Record<string, unknown> } | null {
  const { kind, amount, source, model, uncollected, receipt } = entry;
  if (kind === 'charge') {
    const data = { model, amount: 0 - amount || 0, uncollected: uncollected ?? 0, receipt };
    return { type: 'reservation.committed', data };
  }
  // A correction upward is given like any other tokens; what a refund brings back was given before.
  if (kind === 'grant' || (kind === 'adjustment' && amount > 0))
    return { type: 'tokens.granted', data: { amount, source, ...paymentOf(entry) } };
  return null;
}

/** Of what a payment gave the entry says so; what else metadata has is the caller's. */
function paymentOf({ source, metadata }: ToldEntry): Record<string, unknown> {
  if (metadata === null || (source !== 'topup' && source !== 'tier')) return {};
  const { provider, paymentId } = JSON.parse(metadata) as Record<string, unknown>;
  return typeof provider === 'string' && typeof paymentId === 'string' ? { provider, paymentId } : {};
}

export interface Threshold {
  tokens: number;
  /** It is a fifth of the period's tokens. */
  period: boolean;
  /** Whose price it is. */
  operations: string[];
}

/** The marks that the total fell below, highest first: before ≥ mark > after. One mark for all that have the same. */
function crossed({ amount, balanceAfter: after, periodTokens }: ToldEntry, prices: Prices): Threshold[] {
  if (amount >= 0) return [];
  const before = after - amount;
  const marks = new Map<number, Threshold>();
  const cross = (tokens: number): Threshold | undefined => {
    if (tokens <= 0 || before < tokens || after >= tokens) return undefined;
    const mark = marks.get(tokens) ?? { tokens, period: false, operations: [] };
    marks.set(tokens, mark);
    return mark;
  };
  const period = cross(Math.ceil(periodTokens / LOW_PART));
  if (period) period.period = true;
  for (const operation in prices) cross(prices[operation] as number)?.operations.push(operation);
  return [...marks.values()].sort((a, b) => b.tokens - a.tokens);
}
