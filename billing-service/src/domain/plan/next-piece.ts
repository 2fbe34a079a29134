/** Rules 2 and 3: which piece runs next, and where its months are counted from. */
import { firstPieceEnd, waitingAt } from './cut-length.js';
import { addMonths, monthsUntil } from './months.js';
import { fallToGift, isOf, type Piece, type Plan, type Purchase, runningOf, type TierOf } from './plan.js';

/** A purchase whose piece has just ended, for the months of the next one may go on from its anchor. */
export type Ended = (Purchase & { piece: Piece }) | undefined;

/** What is left at `at`: a piece whose end has come is over, whether it ran or was interrupted (rule 4). */
export const leftAt = (purchases: Purchase[], at: number): Purchase[] =>
  purchases
    .map((purchase) =>
      purchase.piece && purchase.piece.until <= at ? { ...purchase, piece: null } : purchase,
    )
    .filter(({ piece, waiting }) => piece !== null || waiting !== 0);

/**
 * Rule 3, the one choice: what was set by hand before all that was paid (rule 6); then of the highest position; among
 * equals one that was interrupted before one that waits; then in the order of purchase. But what a piece ran ahead of
 * stays behind it: the one that was interrupted last goes before all that was there when it was.
 */
export function chooseNext(left: Purchase[], tierOf: TierOf): Purchase | undefined {
  const isBefore = (a: Purchase, b: Purchase) =>
    Number(a.payment !== null) - Number(b.payment !== null) ||
    tierOf(b.tier).position - tierOf(a.tier).position ||
    Number(a.piece === null) - Number(b.piece === null) ||
    a.order - b.order;
  const [first] = left;
  if (!first) return undefined;
  const best = left.reduce((a, b) => (isBefore(b, a) < 0 ? b : a));
  const since = (purchase: Purchase) => purchase.piece?.beneath ?? 0;
  const last = left.reduce((a, b) => (since(b) > since(a) ? b : a));
  return best.order < since(last) ? last : best;
}

/** The next piece runs from `at` by rule 3; with none left, gift begins. Call it where no piece's time goes on. */
export function runNext(plan: Plan, at: number, tierOf: TierOf): Plan {
  const left = leftAt(plan.purchases, at);
  const next = chooseNext(left, tierOf);
  return next ? run({ ...plan, purchases: left }, next, at, runningOf(plan)) : fallToGift(plan, at, tierOf);
}

/** Runs a piece of `purchase`: takes its interrupted one up again, else begins the first that waits. */
export function run(plan: Plan, purchase: Purchase, at: number, ended?: Ended): Plan {
  const running = purchase.piece
    ? { ...purchase, piece: { ...purchase.piece, beneath: null } }
    : begin(purchase, plan.tenure + 1, at, ended);
  return {
    ...plan,
    tier: purchase.tier,
    tenure: Math.max(plan.tenure, running.piece.tenure),
    purchases: plan.purchases.map((p) => (p === purchase ? running : p)),
    graceUntil: null,
    anchor: null,
    period: 0,
    periodGranted: false,
  };
}

function begin(purchase: Purchase, tenure: number, at: number, ended: Ended): Purchase & { piece: Piece } {
  const { lengthMs } = purchase;
  const anchor = anchorOf(purchase, at, ended);
  const pieces = waitingAt(purchase, at);
  const until =
    lengthMs === null
      ? addMonths(anchor, monthsUntil(anchor, at) + 1)
      : firstPieceEnd(lengthMs, pieces, anchor, at);
  return {
    ...purchase,
    waiting: pieces - 1,
    lengthMs: lengthMs === null ? null : lengthMs - (until - at),
    piece: { tenure, from: at, until, anchor, granted: false, beneath: null },
  };
}

/**
 * Rule 2: the pieces of a purchase count from one anchor, and so do months that follow others of their tier, whoever paid
 * for them. All else counts from where it begins. But months that were put off end no earlier than they were to: a month
 * from the 31st at nine ends an hour before one from the 30th at ten where the next month has no 31st.
 */
export function anchorOf(purchase: Purchase, at: number, ended: Ended): number {
  const { tier, payment, lengthMs, waiting, promised } = purchase;
  const follows = ended?.piece.until === at && ended.tier === tier;
  if (follows && isOf(ended, payment)) return ended.piece.anchor;
  if (lengthMs !== null) return at;
  const anchor = follows && ended.lengthMs === null ? ended.piece.anchor : at;
  if (promised === undefined || promised > at) return anchor;
  const endFrom = (from: number) => addMonths(from, monthsUntil(from, at) + (waiting ?? 0));
  return endFrom(promised) > endFrom(anchor) ? promised : anchor;
}
