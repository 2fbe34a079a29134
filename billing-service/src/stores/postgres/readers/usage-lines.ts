import type { UsageRequest } from '../../../domain/ports/usage-store.js';
import type { Reach } from './ledger-reach.js';
import { NAMES, OF_EACH } from './measures.js';
import type { Sources, Span } from './usage-sources.js';

/** Makes a value a parameter of the statement. */
export type Put = (value: unknown, type: string) => string;

/** The lines that are summed, as one query: each entry is in exactly one of them. */
export function usageLines(
  request: UsageRequest,
  { hours, days, months }: Sources,
  reaches: readonly Reach[],
  put: Put,
): string {
  const at = (ms: number) => put(new Date(ms), 'timestamptz');
  const during = (column: string, { from, to }: Span) => `${column} >= ${at(from)} and ${column} < ${at(to)}`;
  const sums = (unit: string) => (span: Span) =>
    `select starts_at as at, 0::bigint as user_id, tier, operation, model, ${NAMES}
from usage_sums where unit = '${unit}' and ${during('starts_at', span)}`;
  const ofUser = (column: string) =>
    request.userId === undefined ? '' : ` and ${column} = ${put(request.userId, 'bigint')}`;
  const users = (span: Span) => `select month as at, user_id, 0 as tier, '' as operation, 0 as model, ${NAMES}
from usage_users where ${during('month', span)}${ofUser('user_id')}`;
  const entries = (reach: Reach) => `select e.created_at as at, e.user_id, coalesce(e.tier, 0) as tier,
  coalesce(e.operation, '') as operation, coalesce(e.model, 0) as model, ${OF_EACH}
from entries e where e.id > ${put(reach.after, 'bigint')} and e.id <= ${put(reach.through, 'bigint')}
  and ${during('e.created_at', reach)}${ofUser('e.user_id')}`;
  return [
    ...hours.map(sums('hour')),
    ...days.map(sums('day')),
    ...months.map(users),
    ...reaches.map(entries),
  ].join('\nunion all ');
}
