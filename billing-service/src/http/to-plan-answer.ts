import type { PlanTimes } from '../domain/account/plan-view.js';
import type { Upcoming } from '../domain/plan/forecast.js';
import { toIso, toIsoOrNull } from './to-iso.js';

/** A plan's times as JSON tells them. Answers that were stored before `upcoming` was told have none. */
export const toPlanAnswer = <T extends PlanTimes>({ periodEnd, paidUntil, upcoming, ...rest }: T) => ({
  ...rest,
  periodEnd: toIsoOrNull(periodEnd),
  paidUntil: toIsoOrNull(paidUntil),
  upcoming: toUpcoming(upcoming),
});

export const toUpcoming = (upcoming: Upcoming[] | undefined) =>
  (upcoming ?? []).map(({ from, until, ...one }) => ({ ...one, from: toIso(from), until: toIso(until) }));
