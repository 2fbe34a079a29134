/** How far the zone is ahead of UTC at that moment, in ms. */
function aheadMs(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(at);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const [year, month, day] = [value('year'), value('month') - 1, value('day')];
  return (
    Date.UTC(year, month, day, value('hour'), value('minute'), value('second')) - Math.floor(at / 1000) * 1000
  );
}

/** The moment that a wall clock of the zone shows as `local` (`2026-11-27T14:30`); null where that is no time. */
export function momentIn(zone: string, local: string): number | null {
  const utc = Date.parse(`${local}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local) || Number.isNaN(utc)) return null;
  // Twice: the offset of the first guess may be that before a change of the clocks.
  const guess = utc - aheadMs(zone, utc);
  return utc - aheadMs(zone, guess);
}

/** The zone's day that holds the moment: `2026-11-27`. */
export const dayKey = (zone: string, at: number): string =>
  new Date(at + aheadMs(zone, at)).toISOString().slice(0, 10);

/** Midnight of the zone's day that holds the moment. */
export function dayStart(zone: string, at: number): number {
  return momentIn(zone, `${dayKey(zone, at)}T00:00`) ?? at;
}
