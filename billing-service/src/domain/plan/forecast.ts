/** Rule 7: how paid time would go on if nothing happened. */
import { waitingAt } from './cut-length.js';
import { addMonths, LATEST_MS, monthsUntil } from './months.js';
import { anchorOf, chooseNext, type Ended, leftAt } from './next-piece.js';
import { isOf, type PaidBy, type Piece, type Plan, type Purchase, runningOf, type TierOf } from './plan.js';

/** Pieces of one purchase in a row. `pieces` counts those that run or begin, not one that is only taken up again. */
export interface Stretch {
  tier: string;
  payment: PaidBy | null;
  from: number;
  until: number;
  pieces: number;
}

/** A purchase ahead: its piece from `from` on, all that waits of it as if it were one piece. */
interface Run {
  purchase: Purchase & { piece: Piece };
  from: number;
  pieces: number;
}

/**
 * The running piece and all that follows, in order. Nothing that waits can come between the pieces of a purchase once
 * one of them was chosen, so a purchase is one step, however many pieces it has.
 */
function* runsAhead(plan: Plan, tierOf: TierOf): Generator<Run> {
  let ended: Ended = runningOf(plan);
  if (!ended) return;
  yield { purchase: ended, from: ended.piece.from, pieces: 1 };
  for (let left = plan.purchases; ; ) {
    const from: number = ended.piece.until;
    left = leftAt(left, from);
    const next = chooseNext(left, tierOf);
    if (!next) return;
    const over: Purchase & { piece: Piece } = next.piece
      ? { ...next, piece: next.piece }
      : allWaiting(next, from, ended);
    yield { purchase: over, from, pieces: next.piece ? 0 : waitingAt(next, from) };
    left = left.map((purchase) => (purchase === next ? over : purchase));
    ended = over;
  }
}

/** The running stretch and all that follow, in order. */
export function forecast(plan: Plan, tierOf: TierOf): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { purchase, from, pieces } of runsAhead(plan, tierOf)) {
    const { tier, payment } = purchase;
    const { until } = purchase.piece;
    const last = stretches.at(-1);
    if (last && isOf(purchase, last.payment)) Object.assign(last, { until, pieces: last.pieces + pieces });
    else stretches.push({ tier, payment, from, until, pieces });
  }
  return stretches;
}

/** Months that wait note what they would be counted from, before something puts them off (rule 2). */
export function withPromises(plan: Plan, tierOf: TierOf): Plan {
  const anchors = new Map<number, number>();
  for (const { purchase, pieces } of runsAhead(plan, tierOf))
    if (pieces > 0 && purchase.lengthMs === null) anchors.set(purchase.order, purchase.piece.anchor);
  const purchases = plan.purchases.map((purchase) => {
    const promised = anchors.get(purchase.order);
    return promised === undefined ? purchase : { ...purchase, promised };
  });
  return { ...plan, purchases };
}

/** All that waits of a purchase, as if it were one piece. */
function allWaiting(purchase: Purchase, at: number, ended: Ended): Purchase & { piece: Piece } {
  const { lengthMs, waiting } = purchase;
  const anchor = anchorOf(purchase, at, ended);
  const until =
    lengthMs === null
      ? addMonths(anchor, monthsUntil(anchor, at) + (waiting ?? 0))
      : Math.min(LATEST_MS, at + lengthMs);
  const piece = { tenure: 0, from: at, until, anchor, granted: false, beneath: null };
  return { ...purchase, waiting: 0, piece };
}

/** The end of the last piece of the present tier if nothing comes between; null on gift. */
export function paidUntil(stretches: Stretch[]): number | null {
  const other = stretches.findIndex(({ tier }) => tier !== stretches[0]?.tier);
  return stretches.at(other < 0 ? -1 : other - 1)?.until ?? null;
}

/** A purchase that waits, as it would run. */
export type Upcoming = Omit<Stretch, 'pieces'>;

/** More are kept and run, but no answer tells them: each holds years already. */
const MOST_UPCOMING = 100;

/** What comes after the pieces of the running purchase, first first. */
export const upcoming = (stretches: Stretch[]): Upcoming[] =>
  stretches.slice(1, 1 + MOST_UPCOMING).map(({ pieces: _, ...stretch }) => stretch);
