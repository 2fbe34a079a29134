/** The one statement that an answer about usage is: what is rolled up to the mark, and the live lines behind it. */
import type { Dimension, UsageRequest } from '../../../domain/ports/usage-store.js';
import { NAMES, NOT_ALL_ZERO, OF_EACH, SUMS } from './measures.js';
import { USAGE_READER } from './usage-rollup.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LOCAL = "(l.at at time zone 'UTC') + z.hours * interval '1 hour'";

/** How lines are put together, and how a group is named in the answer. */
const DIMENSION: Record<Dimension, { key: string; name: (key: string) => string }> = {
  hour: {
    key: "date_trunc('hour', l.at, 'UTC')",
    name: (key) => `to_char(${key} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  },
  day: { key: `to_char(${LOCAL}, 'YYYY-MM-DD')`, name: (key) => key },
  month: { key: `to_char(${LOCAL}, 'YYYY-MM')`, name: (key) => key },
  operation: { key: 'l.operation', name: (key) => `nullif(${key}, '')` },
  tier: { key: 'l.tier', name: (key) => `(select t.id from tiers t where t.number = ${key})` },
  model: { key: 'l.model', name: (key) => `(select m.name from models m where m.number = ${key})` },
  user: {
    key: 'l.user_id',
    name: (key) =>
      `(select r.reference from user_references r where r.user_id = ${key} order by r.created_at, r.reference limit 1)`,
  },
};

const ENTRY = `select e.created_at as at, e.user_id, coalesce(e.tier, 0) as tier,
  coalesce(e.operation, '') as operation, coalesce(e.model, 0) as model, ${OF_EACH}
from entries e where e.created_at >= $1 and e.created_at < $2`;

export function usageStatement(request: UsageRequest): { text: string; values: unknown[] } {
  const values: unknown[] = [new Date(request.from), new Date(request.to), USAGE_READER];
  const put = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
  const lines = linesFor(request, put);
  const filters = [
    request.operation === undefined ? [] : [`l.operation = ${put(request.operation, 'text')}`],
    request.tier === undefined
      ? []
      : [`l.tier = (select number from tiers where id = ${put(request.tier, 'text')})`],
    request.model === undefined
      ? []
      : [`l.model = (select number from models where name = ${put(request.model, 'text')})`],
  ].flat();
  const keys = request.by.map((dimension, i) => `${DIMENSION[dimension].key} as k${i}`);
  const names = request.by.map((dimension, i) => `${DIMENSION[dimension].name(`g.k${i}`)} as "${dimension}"`);
  const groups = request.by.map((_, i) => `k${i}`);
  const order = [...request.by.flatMap((d, i) => (isTime(d) ? [`k${i}`] : [])), 'charged desc', ...groups];
  const text = `with mark as (select through_id from marks where reader = $3),
line as (${lines})
select ${[...names, NAMES].join(', ')} from (
  select ${[...keys, SUMS].join(', ')} from line l ${isLocal(request) ? zone(request, put) : ''}
  ${filters.length > 0 ? `where ${filters.join(' and ')}` : ''}
  ${groups.length > 0 ? `group by ${groups.join(', ')} having ${NOT_ALL_ZERO}` : ''}
  order by ${order.join(', ')} limit ${put(request.limit, 'integer')} offset ${put(request.skip, 'integer')}
) g order by ${order.map((term) => `g.${term}`).join(', ')}`;
  return { text, values };
}

const isTime = (dimension: Dimension): boolean => /hour|day|month/.test(dimension);
const isLocal = ({ by }: UsageRequest): boolean => by.some((each) => each === 'day' || each === 'month');
const isShifted = (request: UsageRequest): boolean =>
  isLocal(request) && request.offsets.some(({ hours }) => hours !== 0);

/** Where local time differs from UTC, and from when until when. */
function zone({ offsets }: UsageRequest, put: (value: unknown, type: string) => string): string {
  const column = (pick: (stretch: (typeof offsets)[number]) => unknown, type: string) =>
    put(offsets.map(pick), `${type}[]`);
  const since = column((stretch) => new Date(stretch.since), 'timestamptz');
  const until = column((stretch) => new Date(stretch.until), 'timestamptz');
  const hours = column((stretch) => stretch.hours, 'integer');
  return `join unnest(${since}, ${until}, ${hours}) as z(since, until, hours) on l.at >= z.since and l.at < z.until`;
}

/** Where users are asked for, sums without users do not serve; where one is, the key of entries finds the lines. */
function linesFor(request: UsageRequest, put: (value: unknown, type: string) => string): string {
  if (request.userId !== undefined) return `${ENTRY} and e.user_id = ${put(request.userId, 'bigint')}`;
  const tail = `${ENTRY} and e.id > (select through_id from mark)`;
  if (request.by.includes('user')) {
    if (!isOfWholeMonths(request)) return ENTRY;
    return `select month as at, user_id, 0 as tier, '' as operation, 0 as model, ${NAMES}
from usage_users where month >= $1 and month < $2 union all ${tail}`;
  }
  const sums = (unit: string, from: string, to: string) =>
    `select starts_at as at, 0::bigint as user_id, tier, operation, model, ${NAMES}
from usage_sums where unit = '${unit}' and starts_at >= ${from} and starts_at < ${to}`;
  if (request.by.includes('hour') || isShifted(request)) {
    return [sums('hour', '$1', '$2'), tail].join('\nunion all ');
  }
  // Whole days from the sums by day, and what is left at both ends from those by hour.
  const first = Math.min(Math.ceil(request.from / DAY_MS) * DAY_MS, request.to);
  const last = Math.max(Math.floor(request.to / DAY_MS) * DAY_MS, first);
  const [day, end] = [put(new Date(first), 'timestamptz'), put(new Date(last), 'timestamptz')];
  return [sums('hour', '$1', day), sums('day', day, end), sums('hour', end, '$2'), tail].join('\nunion all ');
}

const isMonthStart = (ms: number): boolean =>
  ms === Date.UTC(new Date(ms).getUTCFullYear(), new Date(ms).getUTCMonth(), 1);

function isOfWholeMonths(request: UsageRequest): boolean {
  const { from, to, by, operation, tier, model } = request;
  const isByMonth = by.every((each) => each === 'user' || each === 'month') && !isShifted(request);
  const isFiltered = operation !== undefined || tier !== undefined || model !== undefined;
  return isByMonth && !isFiltered && isMonthStart(from) && isMonthStart(to);
}
