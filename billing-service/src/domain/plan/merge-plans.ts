/** Two users become one: their paid time is put together, and rule 3 says which of it runs. */
import { chooseNext, leftAt } from './next-piece.js';
import { type Piece, type Plan, type Purchase, runningOf, type TierOf } from './plan.js';

/**
 * The plan of both at `at`, when nothing of either is due. Nothing is granted by it: what runs has had its tokens. The
 * numbers of `from`'s periods come after those of `into`; `tenures` is what was added to them.
 */
export function mergePlans(
  into: Plan,
  from: Plan,
  at: number,
  tierOf: TierOf,
): { plan: Plan; tenures: number } {
  const tenures = into.tenure;
  // One more than all that begun, so that no later month of gift has the number of one that moved.
  const tenure = into.tenure + from.tenure + 1;
  const channelSubscribedAt = earliest(into.channelSubscribedAt, from.channelSubscribedAt);
  const both = { ...into, tenure, channelSubscribedAt };
  const purchases = [...into.purchases, ...renumbered(from.purchases, tenures, lastOrder(into.purchases))];
  const left = leftAt(purchases, at);
  const running = left.filter(runs);
  const next = chooseNext(running.length > 0 ? running : left, tierOf);
  if (!next) return { plan: inGrace(both, into, from, purchases), tenures };
  const present = left.map((purchase) =>
    runs(purchase) && purchase !== next
      ? { ...purchase, piece: { ...purchase.piece, beneath: next.order } }
      : purchase,
  );
  const onPaid = { graceUntil: null, anchor: null, period: 0, periodGranted: false };
  return { plan: { ...both, ...onPaid, tier: next.tier, purchases: present }, tenures };
}

const runs = (purchase: Purchase): purchase is Purchase & { piece: Piece } =>
  purchase.piece?.beneath === null;

/** Nothing of either is ahead: grace goes on where one of them has it, and else gift does. */
function inGrace(both: Plan, into: Plan, from: Plan, purchases: Purchase[]): Plan {
  const inGraceNow = (into.graceUntil ?? 0) >= (from.graceUntil ?? 0) ? into : from;
  if (inGraceNow.graceUntil === null) return both;
  const running = runningOf(inGraceNow);
  const kept = purchases.filter(
    ({ payment, tier }) => payment === running?.payment && tier === running?.tier,
  );
  const { tier, graceUntil } = inGraceNow;
  return {
    ...both,
    tier,
    graceUntil,
    purchases: kept.slice(0, 1),
    anchor: null,
    period: 0,
    periodGranted: false,
  };
}

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

const lastOrder = (purchases: Purchase[]): number =>
  purchases.reduce((last, { order, piece }) => Math.max(last, order, piece?.beneath ?? 0), 0);

/** Bought after all of the others, and begun after all that they began. */
const renumbered = (purchases: Purchase[], tenures: number, orders: number): Purchase[] =>
  purchases.map((purchase) => ({
    ...purchase,
    order: purchase.order + orders,
    piece: purchase.piece && {
      ...purchase.piece,
      tenure: purchase.piece.tenure + tenures,
      beneath: purchase.piece.beneath === null ? null : purchase.piece.beneath + orders,
    },
  }));
