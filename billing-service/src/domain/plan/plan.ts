/**
 * Paid time, as data. A purchase is cut into pieces (rule 1); a piece is a period (rule 2). A piece that has begun runs
 * or is interrupted; all others only wait, as a number. What is over is forgotten: only what lies ahead is kept.
 * The rules' numbers are those of docs/paid-time.md. Times in ms since the epoch.
 */
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { addMonths } from './months.js';

/** The payment that a piece or a grant is of. */
export interface PaidBy {
  provider: string;
  paymentId: string;
}

/** Whether a purchase or a grant is this payment's, or nobody's. */
export const isOf = (thing: { payment: PaidBy | null }, payment: PaidBy | null): boolean =>
  thing.payment?.provider === payment?.provider && thing.payment?.paymentId === payment?.paymentId;

/** A piece that has begun. */
export interface Piece {
  /** Its number among all beginnings of this user: no two writers can grant it twice. */
  tenure: number;
  from: number;
  until: number;
  /** The moment that its months are counted from (rule 2). */
  anchor: number;
  granted: boolean;
  /** Null while it runs. Interrupted, its time goes on beneath (rule 4): the `order` of the purchase that interrupted it. */
  beneath: number | null;
}

/** What one payment bought of a tier and is not over; or, without a payment, what was set by hand (rule 6). */
export interface Purchase {
  tier: string;
  payment: PaidBy | null;
  /** Its number in the order of purchase. */
  order: number;
  /** What its months that wait would have been counted from before another purchase put them off. */
  promised?: number;
  /** How many pieces have not begun; null for a length that is not cut yet. */
  waiting: number | null;
  /** The time of all waiting pieces together; null where they are calendar months. */
  lengthMs: number | null;
  piece: Piece | null;
}

export interface Plan {
  tier: string;
  /** How many periods have begun on paid tiers, and times on gift. */
  tenure: number;
  /** In the order of purchase; empty on gift. At most one piece of all runs. */
  purchases: Purchase[];
  /** Until when the tier stays though its last piece is over (rule 8); null but in that time. */
  graceUntil: number | null;
  /** On gift: where its months are counted from, null while it waits for the first join; null on a paid tier. */
  anchor: number | null;
  /** On gift: which month of them, from 0. */
  period: number;
  periodGranted: boolean;
  channelSubscribedAt: number | null;
}

/** What the rules ask of a tier. */
export type TierOf = (id: string) => { position: number; graceSeconds: number; requiresChannel: boolean };

/** The present period of whatever tier: what is granted, once, and until when. */
export interface Period {
  tenure: number;
  period: number;
  until: number;
  payment: PaidBy | null;
  granted: boolean;
}

/** The purchase whose piece runs, or was the last to run while grace lasts. */
export const runningOf = (plan: Plan): (Purchase & { piece: Piece }) | undefined =>
  plan.purchases.find(
    (purchase): purchase is Purchase & { piece: Piece } => purchase.piece?.beneath === null,
  );

/** Null where gift waits for the first join. Grace is a period in which nothing is granted (rule 8). */
export function currentPeriod(plan: Plan): Period | null {
  const running = runningOf(plan);
  if (running) {
    const { tenure, until, granted } = running.piece;
    const inGrace = plan.graceUntil !== null;
    // Grace has a number of its own: what is returned in it must not go into a grant that ended with the piece.
    const period = { tenure, period: inGrace ? 1 : 0, payment: running.payment };
    return { ...period, until: plan.graceUntil ?? until, granted: granted || inGrace };
  }
  if (plan.anchor === null) return null;
  const { tenure, period, periodGranted: granted } = plan;
  return { tenure, period, until: addMonths(plan.anchor, period + 1), payment: null, granted };
}

/** The tenures whose periods run or may run again: of the pieces that have begun, or this time on gift. */
export function openTenures({ purchases, tenure }: Plan): number[] {
  const begun = purchases.flatMap(({ piece }) => (piece ? [piece.tenure] : []));
  return begun.length > 0 ? begun : [tenure];
}

/** When the plan turns by itself next; Infinity where it does not. */
export const planDueAt = (plan: Plan): number => currentPeriod(plan)?.until ?? Infinity;

/** When the tier may change by itself, for those who keep it in a cache; null on gift, whose months change nothing of it. */
export const tierDueAt = (plan: Plan): number | null => (plan.tier === GIFT_TIER ? null : planDueAt(plan));

/** Notes that the present period has had its tokens. */
export function withPeriodGranted(plan: Plan): Plan {
  const running = runningOf(plan);
  if (!running) return { ...plan, periodGranted: true };
  const granted = { ...running, piece: { ...running.piece, granted: true } };
  return { ...plan, purchases: plan.purchases.map((p) => (p === running ? granted : p)) };
}

/** Gift begins at `at`, and with it all that was paid for is over. */
export function fallToGift(plan: Plan, at: number, tierOf: TierOf): Plan {
  const gift = { ...plan, tier: GIFT_TIER, tenure: plan.tenure + 1, purchases: [], graceUntil: null };
  return startGift({ ...gift, anchor: null, period: 0, periodGranted: false }, at, tierOf);
}

/** The months of gift count from the first moment at which the channel is joined, or not asked for. */
export function startGift(plan: Plan, at: number, tierOf: TierOf): Plan {
  if (plan.tier !== GIFT_TIER || plan.anchor !== null) return plan;
  const waits = tierOf(GIFT_TIER).requiresChannel && plan.channelSubscribedAt === null;
  return waits ? plan : { ...plan, anchor: at, period: 0, periodGranted: false };
}
