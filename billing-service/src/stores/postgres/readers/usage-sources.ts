/** Where the parts of an answer come from: the widest sums that fit within the hours asked for, and entries elsewhere. */
import type { UsageRequest } from '../../../domain/ports/usage-store.js';
import { cut, type Span, type Unit, yearsOf } from './whole-spans.js';

/** Sums that are kept: of each kind of entry (tier, operation, model), of all together, or of each user. */
export interface Part extends Span {
  of: 'kinds' | 'all' | 'users';
  unit: Unit;
  /** What a wider one has too much. */
  isTakenOff?: boolean;
}

export interface Sources {
  sums: Part[];
  /** Of the entries themselves. */
  entries: Span[];
}

/** What is rolled up; the live lines behind the mark come on top. Nothing is rolled up between `first` and `from`. */
export function sourcesOf(request: UsageRequest, first = request.from): Sources {
  const whole = { from: first, to: request.to };
  if (!isOfUsers(request))
    return { sums: widest(isOfAll(request) ? 'all' : 'kinds', whole, unitsOf(request)), entries: [] };
  if (!isKeptByUser(request)) return { sums: [], entries: [{ from: request.from, to: request.to }] };
  const { middle, edges } = cut(whole, 'month');
  const sums = middle.flatMap((months) =>
    request.by.includes('month') ? [{ unit: 'month' as const, ...months }] : yearsOf(months),
  );
  return { sums: sums.map((part) => ({ of: 'users', ...part })), entries: edges };
}

/** Each unit where it fits, and the narrower ones at its edges. */
export function widest(of: Part['of'], span: Span, [unit, ...narrower]: readonly Unit[]): Part[] {
  if (unit === undefined) return [];
  if (narrower.length === 0) return [{ of, unit, ...span }];
  const { middle, edges } = cut(span, unit);
  return [
    ...middle.map((part) => ({ of, unit, ...part })),
    ...edges.flatMap((edge) => widest(of, edge, narrower)),
  ];
}

/** Not to be told apart by more than the answer needs. */
function unitsOf(request: UsageRequest): Unit[] {
  if (request.by.includes('hour') || isShifted(request)) return ['hour'];
  return request.by.includes('day') ? ['day', 'hour'] : ['month', 'day', 'hour'];
}

export const isLocal = ({ by }: UsageRequest): boolean =>
  by.some((each) => each === 'day' || each === 'month');
/** Days and months of another zone are put together from hours. */
const isShifted = (request: UsageRequest): boolean =>
  isLocal(request) && request.offsets.some(({ hours }) => hours !== 0);
const isOfUsers = ({ by, userId }: UsageRequest): boolean => by.includes('user') || userId !== undefined;
const isFiltered = ({ operation, tier, model }: UsageRequest): boolean =>
  operation !== undefined || tier !== undefined || model !== undefined;
const isOfAll = (request: UsageRequest): boolean =>
  !isFiltered(request) && request.by.every((each) => /hour|day|month/.test(each));

/** Sums of users know their month or year, and nothing else. */
export const isKeptByUser = (request: UsageRequest): boolean =>
  isOfUsers(request) &&
  !isFiltered(request) &&
  !isShifted(request) &&
  request.by.every((each) => each === 'user' || each === 'month');
