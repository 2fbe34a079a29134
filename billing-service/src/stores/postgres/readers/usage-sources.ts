/** Where the parts of an answer come from: the widest sums that fit within the hours asked for, and entries elsewhere. */
import type { UsageRequest } from '../../../domain/ports/usage-store.js';

/** Whole hours: from ≤ t < to. */
export interface Span {
  from: number;
  to: number;
}

export interface Sources {
  /** Of the sums by hour, by day, and by month and user. */
  hours: Span[];
  days: Span[];
  months: Span[];
  /** Of the entries themselves. */
  entries: Span[];
}

const DAY_MS = 24 * 3_600_000;
const NONE: Sources = { hours: [], days: [], months: [], entries: [] };

/** What is rolled up; the live lines behind the mark come on top. */
export function sourcesOf(request: UsageRequest): Sources {
  const whole = { from: request.from, to: request.to };
  if (isOfUsers(request)) {
    if (!isKeptByUser(request)) return { ...NONE, entries: [whole] };
    const { middle, edges } = cut(whole, monthFrom(whole.from), monthUntil(whole.to));
    return { ...NONE, months: middle, entries: edges };
  }
  return request.by.includes('hour') || isShifted(request) ? { ...NONE, hours: [whole] } : byDay(whole);
}

/** Whole UTC days by day, and what is left at both ends by hour. */
export function byDay(span: Span): Sources {
  const { middle, edges } = cut(
    span,
    Math.ceil(span.from / DAY_MS) * DAY_MS,
    Math.floor(span.to / DAY_MS) * DAY_MS,
  );
  return { ...NONE, days: middle, hours: edges };
}

export const isLocal = ({ by }: UsageRequest): boolean =>
  by.some((each) => each === 'day' || each === 'month');
const isShifted = (request: UsageRequest): boolean =>
  isLocal(request) && request.offsets.some(({ hours }) => hours !== 0);
const isOfUsers = ({ by, userId }: UsageRequest): boolean => by.includes('user') || userId !== undefined;

/** Sums of users know their month, and nothing else. */
function isKeptByUser(request: UsageRequest): boolean {
  const { by, operation, tier, model } = request;
  const isFiltered = operation !== undefined || tier !== undefined || model !== undefined;
  return !isFiltered && !isShifted(request) && by.every((each) => each === 'user' || each === 'month');
}

function cut(span: Span, first: number, last: number): { middle: Span[]; edges: Span[] } {
  if (first >= last) return { middle: [], edges: [span] };
  const edges = [
    { from: span.from, to: first },
    { from: last, to: span.to },
  ];
  return { middle: [{ from: first, to: last }], edges: edges.filter(({ from, to }) => from < to) };
}

function monthUntil(ms: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
}

function monthFrom(ms: number): number {
  const at = new Date(ms);
  return monthUntil(ms) === ms ? ms : Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}
