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

/**
 * The running stretch and all that follow, in order. Nothing that waits can come between the pieces of a purchase once
 * one of them was chosen, so a purchase is one step, however many pieces it has.
 */
export function forecast(plan: Plan, tierOf: TierOf): Stretch[] {
  let ended: Ended = runningOf(plan);
  if (!ended) return [];
  const stretches = [stretchOf(ended, 1)];
  for (let left = plan.purchases; ; ) {
    const at: number = ended.piece.until;
    left = leftAt(left, at);
    const next = chooseNext(left, tierOf);
    if (!next) return stretches;
    const over: Purchase & { piece: Piece } = next.piece
      ? { ...next, piece: next.piece }
      : allWaiting(next, at, ended);
    const stretch = stretchOf(
      { ...over, piece: { ...over.piece, from: at } },
      next.piece ? 0 : waitingAt(next, at),
    );
    const last = stretches.at(-1) as Stretch;
    if (isOf(next, last.payment))
      Object.assign(last, { until: stretch.until, pieces: last.pieces + stretch.pieces });
    else stretches.push(stretch);
    left = left.map((purchase) => (purchase === next ? over : purchase));
    ended = over;
  }
}

const stretchOf = ({ tier, payment, piece }: Purchase & { piece: Piece }, pieces: number): Stretch => ({
  tier,
  payment,
  from: piece.from,
  until: piece.until,
  pieces,
});

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
