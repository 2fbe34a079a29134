import type { UsageRequest } from '../../../domain/ports/usage-store.js';
import type { Reach } from './ledger-reach.js';
import { NAMES, OF_EACH, TAKEN_OFF } from './measures.js';
import type { Part } from './usage-sources.js';
import type { Span } from './whole-spans.js';

/** Makes a value a parameter of the statement. */
export type Put = (value: unknown, type: string) => string;

export interface Lines {
  sums: readonly Part[];
  reaches: readonly Reach[];
  /** Of no other users; absent: of all. */
  userIds?: readonly number[] | undefined;
}

/** The lines that are summed, as one query: each entry is in exactly one of them, or in one more that is taken off. */
export function usageLines({ sums, reaches, userIds }: Lines, put: Put): string {
  const at = (ms: number) => put(new Date(ms), 'timestamptz');
  const during = (column: string, { from, to }: Span) => `${column} >= ${at(from)} and ${column} < ${at(to)}`;
  const ofUsers = (column: string) => (userIds ? ` and ${column} = any(${put(userIds, 'bigint[]')})` : '');
  const kept = (part: Part) => {
    const figures = part.isTakenOff ? TAKEN_OFF : NAMES;
    if (part.of === 'users') {
      const table = part.unit === 'year' ? 'usage_user_years' : 'usage_users';
      return `select ${part.unit} as at, user_id, 0 as tier, '' as operation, 0 as model, ${figures}
from ${table} where ${during(part.unit, part)}${ofUsers('user_id')}`;
    }
    const [table, kind] =
      part.of === 'all'
        ? ['usage_totals', `0 as tier, '' as operation, 0 as model`]
        : ['usage_sums', 'tier, operation, model'];
    return `select starts_at as at, 0::bigint as user_id, ${kind}, ${figures}
from ${table} where unit = '${part.unit}' and ${during('starts_at', part)}`;
  };
  const entries = (reach: Reach) => `select e.created_at as at, e.user_id, coalesce(e.tier, 0) as tier,
  coalesce(e.operation, '') as operation, coalesce(e.model, 0) as model, ${OF_EACH}
from entries e where e.id > ${put(reach.after, 'bigint')} and e.id <= ${put(reach.through, 'bigint')}
  and ${during('e.created_at', reach)}${ofUsers('e.user_id')}`;
  return [...sums.map(kept), ...reaches.map(entries)].join('\nunion all ');
}

/** What a request itself says of users. */
export const usersOf = ({ userId }: UsageRequest): number[] | undefined =>
  userId === undefined ? undefined : [userId];
