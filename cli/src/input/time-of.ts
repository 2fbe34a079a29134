const SPAN = /^(\d{1,5})(m|h|d|w)$/;
const SECONDS: Record<string, number> = { m: 60, h: 3_600, d: 86_400, w: 604_800 };
/** Without a zone it is this machine's. */
const WRITTEN = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** A time as people type it: a day, a time of day with or without a zone, or a span from now. */
export function timeOf(text: string, direction: 'ago' | 'ahead', now = Date.now()): Date | undefined {
  const [, count, unit = ''] = SPAN.exec(text) ?? [];
  if (count !== undefined) {
    const ms = Number(count) * (SECONDS[unit] ?? 0) * 1000;
    return new Date(direction === 'ago' ? now - ms : now + ms);
  }
  if (!WRITTEN.test(text)) return undefined;
  // A day alone would be read as UTC's, which is another one than that on the wall.
  const time = new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'));
  return Number.isNaN(time.getTime()) ? undefined : time;
}
