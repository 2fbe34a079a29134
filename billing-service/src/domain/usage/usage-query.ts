import { DIMENSIONS, type Dimension } from '../ports/usage-store.js';

export interface UsageQuery {
  /** ms since the epoch; absent: from the first entry (by the hour: 400 days before the end), up to the last. */
  from: number | undefined;
  to: number | undefined;
  /** Up to two dimensions with a comma. */
  by: string | undefined;
  user: string | undefined;
  operation: string | undefined;
  tier: string | undefined;
  model: string | undefined;
  timezone: string;
  limit: number;
  cursor: string | undefined;
}

export interface Fault {
  field: string;
  message: string;
}

export const HOUR_MS = 3_600_000;
/** By the hour, which is the finest. */
const LONGEST_MS = 400 * 24 * HOUR_MS;
const FURTHEST_MS = Date.UTC(9999, 0, 1);

/** Nothing is of a later time than now: who asks further asks for all, and for whole months. */
export function spanOf(query: UsageQuery, by: Dimension[], now: number): { from: number; to: number } {
  const next = Math.ceil(now / HOUR_MS) * HOUR_MS + HOUR_MS;
  const end = Math.min(query.to ?? next, next);
  const first = by.includes('hour') ? Math.max(0, end - LONGEST_MS) : 0;
  return { from: query.from ?? first, to: end < next ? end : FURTHEST_MS };
}

export function faultsOf(query: UsageQuery, by: Dimension[], isZone: boolean, now: number): Fault[] {
  const { from, to } = query;
  const faults = [...dimensionFaults(by), ...wholeHour('from', from), ...wholeHour('to', to)];
  if (from !== undefined && to !== undefined && from > to) {
    faults.push({ field: 'to', message: 'must not lie before from' });
  }
  if (by.includes('hour') && from !== undefined && (to ?? now) - from > LONGEST_MS) {
    faults.push({ field: 'from', message: 'must lie at most 400 days before to, by the hour' });
  }
  if (!isZone) {
    faults.push({
      field: 'timezone',
      message: 'must be the name of a time zone whose offset is of whole hours, such as Europe/Moscow',
    });
  }
  return faults;
}

function dimensionFaults(by: Dimension[]): Fault[] {
  const isKnown = by.every((dimension) => DIMENSIONS.includes(dimension));
  if (isKnown && by.length <= 2 && new Set(by).size === by.length) return [];
  return [
    { field: 'by', message: `must be one or two different ones of ${DIMENSIONS.join(', ')}, with a comma` },
  ];
}

const wholeHour = (field: string, at: number | undefined): Fault[] =>
  at === undefined || at % HOUR_MS === 0 ? [] : [{ field, message: 'must be a whole hour' }];
