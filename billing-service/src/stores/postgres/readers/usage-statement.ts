/** The statement that sums lines as an answer about usage names and orders them. */
import type { Dimension, UsageRequest } from '../../../domain/ports/usage-store.js';
import { NAMES, NOT_ALL_ZERO, SUMS } from './measures.js';
import type { Put } from './usage-lines.js';
import { isLocal } from './usage-sources.js';

const LOCAL = "(l.at at time zone 'UTC') + z.hours * interval '1 hour'";

/** How lines are put together, and how a group is named in the answer. */
const DIMENSION: Record<Dimension, { key: string; name: (key: string) => string }> = {
  hour: {
    key: "date_trunc('hour', l.at, 'UTC')",
    name: (key) => `to_char(${key} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  },
  day: { key: `date_trunc('day', ${LOCAL})`, name: (key) => `to_char(${key}, 'YYYY-MM-DD')` },
  month: { key: `date_trunc('month', ${LOCAL})`, name: (key) => `to_char(${key}, 'YYYY-MM')` },
  operation: { key: 'l.operation', name: (key) => `nullif(${key}, '')` },
  tier: { key: 'l.tier', name: (key) => `(select t.id from tiers t where t.number = ${key})` },
  model: { key: 'l.model', name: (key) => `(select m.name from models m where m.number = ${key})` },
  user: {
    key: 'l.user_id',
    name: (key) =>
      `(select r.reference from user_references r where r.user_id = ${key} order by r.created_at, r.reference limit 1)`,
  },
};

/** `linesOf` writes the query of the lines, with parameters of this statement. */
export function usageStatement(
  request: UsageRequest,
  linesOf: (put: Put) => string,
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const put: Put = (value, type) => `$${values.push(value)}::${type}`;
  const keys = request.by.map((dimension, i) => `${DIMENSION[dimension].key} as k${i}`);
  const names = request.by.map((dimension, i) => `${DIMENSION[dimension].name(`g.k${i}`)} as "${dimension}"`);
  const groups = request.by.map((_, i) => `k${i}`);
  const times = request.by.flatMap((dimension, i) => (isTime(dimension) ? [`k${i}`] : []));
  const order = [...times, 'charged desc', ...groups];
  const text = `with line as (${linesOf(put)})
select ${[...names, NAMES].join(', ')} from (
  select ${[...keys, SUMS].join(', ')} from line l ${isLocal(request) ? zone(request, put) : ''}
  ${filters(request, put)}
  ${groups.length > 0 ? `group by ${groups.join(', ')} having ${NOT_ALL_ZERO}` : ''}
  order by ${order.join(', ')} limit ${put(request.limit, 'integer')} offset ${put(request.skip, 'integer')}
) g order by ${order.map((term) => `g.${term}`).join(', ')}`;
  return { text, values };
}

const isTime = (dimension: Dimension): boolean => /hour|day|month/.test(dimension);

function filters({ operation, tier, model }: UsageRequest, put: Put): string {
  const numberOf = (table: string, name: string, value: string) =>
    `(select number from ${table} where ${name} = ${put(value, 'text')})`;
  const terms: string[] = [];
  if (operation !== undefined) terms.push(`l.operation = ${put(operation, 'text')}`);
  if (tier !== undefined) terms.push(`l.tier = ${numberOf('tiers', 'id', tier)}`);
  if (model !== undefined) terms.push(`l.model = ${numberOf('models', 'name', model)}`);
  return terms.length > 0 ? `where ${terms.join(' and ')}` : '';
}

/** Where local time differs from UTC, and from when until when. */
function zone({ offsets }: UsageRequest, put: Put): string {
  const column = (pick: (stretch: (typeof offsets)[number]) => unknown, type: string) =>
    put(offsets.map(pick), `${type}[]`);
  const since = column((stretch) => new Date(stretch.since), 'timestamptz');
  const until = column((stretch) => new Date(stretch.until), 'timestamptz');
  const hours = column((stretch) => stretch.hours, 'integer');
  return `join unnest(${since}, ${until}, ${hours}) as z(since, until, hours) on l.at >= z.since and l.at < z.until`;
}
