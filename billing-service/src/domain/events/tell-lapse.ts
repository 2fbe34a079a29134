import { forecast, paidUntil } from '../plan/forecast.js';
import { type Plan, type TierOf, tierDueAt } from '../plan/plan.js';
import type { Happening } from './event.js';

/** A paid tier ends; in grace, it stays until then without tokens. */
export const lapsing = (tier: string, until: number, grace: boolean): Pick<Happening, 'type' | 'data'> => ({
  type: 'tier.lapsing',
  data: { tier, until: new Date(until).toISOString(), grace },
});

/** What is told of a plan whose running piece is about to end; null where more of the same tier follows. */
export function lapseAhead(plan: Plan, tierOf: TierOf): Pick<Happening, 'type' | 'data'> | null {
  const until = tierDueAt(plan);
  // In grace it was told at the start.
  if (until === null || plan.graceUntil !== null) return null;
  return paidUntil(forecast(plan, tierOf)) === until ? lapsing(plan.tier, until, false) : null;
}
