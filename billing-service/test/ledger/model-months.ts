/**
 * Month arithmetic by walking days, so that it shares no thought with the code it judges: the day of the anchor, or
 * the month's last where that month is shorter.
 */
export function monthsAfter(anchor: number, months: number): number {
  const from = new Date(anchor);
  let year = from.getUTCFullYear();
  let month = from.getUTCMonth();
  for (let i = 0; i < months; i++) {
    month += 1;
    if (month === 12) [year, month] = [year + 1, 0];
  }
  const to = new Date(anchor);
  to.setUTCDate(1);
  to.setUTCFullYear(year);
  to.setUTCMonth(month);
  for (let day = 2; day <= from.getUTCDate(); day++) {
    const next = new Date(to);
    next.setUTCDate(day);
    if (next.getUTCMonth() !== month) break;
    to.setTime(next.getTime());
  }
  return to.getTime();
}

/** Months after `until`, on the anchor's own days where `until` is one of them. */
export function paidMonthsAfter(anchor: number, until: number, months: number): number {
  for (let n = 0; monthsAfter(anchor, n) <= until; n++) {
    if (monthsAfter(anchor, n) === until) return monthsAfter(anchor, n + months);
  }
  return monthsAfter(until, months);
}
