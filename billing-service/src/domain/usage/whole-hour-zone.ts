import type { OffsetStretch } from '../ports/usage-store.js';

const HOUR_MS = 3_600_000;
/** No zone changes its offset twice within a week. */
const STEP_MS = 7 * 24 * HOUR_MS;
/** Offsets are not known further ahead, and there is nothing to sum. */
const AHEAD_MS = 400 * 24 * HOUR_MS;
const NEVER_MS = Date.UTC(9999, 11, 31);
/** No ledger is older. Before, Singapore was half an hour off, and Caracas. */
const FIRST_MS = Date.UTC(2020, 0, 1);

/** The zone's offsets from one moment until another; null for a zone that is unknown or not of whole hours then. */
export function wholeHourOffsets(
  timezone: string,
  from: number,
  to: number,
  now: number,
): OffsetStretch[] | null {
  const hoursAt = hoursOf(timezone);
  if (!hoursAt) return null;
  // Zones change at whole hours, so between whole hours the search below always narrows, whatever was asked for.
  const end = Math.ceil(Math.min(to, now + AHEAD_MS) / HOUR_MS) * HOUR_MS;
  const stretches: OffsetStretch[] = [];
  const first = Math.floor(Math.max(from, FIRST_MS) / HOUR_MS) * HOUR_MS;
  let since = from;
  let hours = hoursAt(first);
  for (let at = first; at < end; at += STEP_MS) {
    const next = Math.min(at + STEP_MS, end);
    if (hoursAt(next) === hours) continue;
    const until = changeBetween(hoursAt, at, next);
    stretches.push({ since, until, hours });
    since = until;
    hours = hoursAt(until);
  }
  stretches.push({ since, until: NEVER_MS, hours });
  return stretches.every((stretch) => Number.isInteger(stretch.hours)) ? stretches : null;
}

function changeBetween(hoursAt: (at: number) => number, before: number, after: number): number {
  const hours = hoursAt(before);
  let [low, high] = [before, after];
  while (high - low > HOUR_MS) {
    const middle = Math.floor((low + high) / 2 / HOUR_MS) * HOUR_MS;
    if (hoursAt(middle) === hours) low = middle;
    else high = middle;
  }
  return high;
}

function hoursOf(timeZone: string): ((at: number) => number) | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    return (at) => {
      const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
      const size = Number(hours ?? 0) + Number(minutes ?? 0) / 60;
      return sign === '-' ? -size : size;
    };
  } catch {
    return null;
  }
}
