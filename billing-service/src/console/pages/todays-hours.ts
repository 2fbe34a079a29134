import type { Visit } from '../visit.js';
import { dayStart } from '../zoned-time.js';

export const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

export interface Hours {
  from: string;
  to: string;
}

/** Today as far as it has come, to the end of the hour that runs, and the same hours a week ago. */
export function todaysHours({ show, now }: Pick<Visit, 'show' | 'now'>): { today: Hours; lastWeek: Hours } {
  const start = dayStart(show.zone, now);
  const lengthMs = Math.max(1, Math.ceil((now - start) / HOUR_MS)) * HOUR_MS;
  const hours = (from: number): Hours => ({
    from: new Date(from).toISOString(),
    to: new Date(from + lengthMs).toISOString(),
  });
  return { today: hours(start), lastWeek: hours(dayStart(show.zone, now - WEEK_MS)) };
}
