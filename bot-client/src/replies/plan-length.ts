const DAY_MS = 86_400_000;
/** Up to here days alone are easier to read. */
const MOST_DAYS = 60;

/**
 * How long a stretch is, as people count: whole months where the calendar says so (31 January to 28 February is one, and
 * so is 28 February to 31 March), else days, or months and the days beyond them. Never nothing.
 */
export function planLength(from: string, until: string): { months: number; days: number } {
  const start = new Date(from);
  const end = new Date(until);
  const apart =
    (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth();
  const day = Math.max(start.getUTCDate(), end.getUTCDate());
  const isWhole =
    monthsAfter(start, 0, day) === start.getTime() && monthsAfter(start, apart, day) === end.getTime();
  if (isWhole) return { months: apart, days: 0 };
  const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
  if (days < MOST_DAYS) return { months: 0, days };
  const whole = monthsAfter(start, apart) <= end.getTime() ? apart : apart - 1;
  const rest = Math.round((end.getTime() - monthsAfter(start, whole)) / DAY_MS);
  return { months: whole, days: rest };
}

/** That day of a later month (0: of the same), at the same time; the month's last day where it has no such day. */
function monthsAfter(start: Date, months: number, day = start.getUTCDate()): number {
  const first = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1);
  const lastDay = new Date(
    Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months + 1, 0),
  ).getUTCDate();
  return first + (Math.min(day, lastDay) - 1) * DAY_MS + (start.getTime() % DAY_MS);
}
