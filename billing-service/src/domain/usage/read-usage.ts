import { cursorOf, keyAfter, type Page, pageOf } from '../page.js';
import type { Clock } from '../ports/clock.js';
import type { Dimension, UsageRow, UsageStore } from '../ports/usage-store.js';
import { DIMENSIONS } from '../ports/usage-store.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import { wholeHourOffsets } from './whole-hour-zone.js';

export interface UsageDeps {
  clock: Clock;
  users: Pick<UserStore, 'find'>;
  usage: UsageStore;
}

export interface UsageQuery {
  /** ms since the epoch; absent: from the first entry, up to the last. */
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

export type Usage = Page<UsageRow> & { asOf: number };
type Fault = { field: string; message: string };

const HOUR_MS = 3_600_000;
const MAX_HOURS = 400 * 24;
const FURTHEST_MS = Date.UTC(9999, 0, 1);
const cursor = cursorOf<number>('usage', String, (text) => (/^\d{1,9}$/.test(text) ? Number(text) : null));

const NOTHING: UsageRow = {
  ...{ commits: 0, charged: 0, refunded: 0, uncollected: 0 },
  ...{ granted: 0, expired: 0, revoked: 0, adjusted: 0 },
};

/** The ledger summed, as it is at this instant. Refusals: invalid. */
export async function readUsage(deps: UsageDeps, query: UsageQuery): Promise<Result<Usage>> {
  const asOf = deps.clock.now();
  const from = query.from ?? 0;
  const to = query.to ?? FURTHEST_MS;
  const by = (query.by?.split(',') ?? []) as Dimension[];
  const offsets = wholeHourOffsets(query.timezone, from, to, asOf);
  const errors = [...faultsOf(by), ...rangeFaults(query, by, asOf)];
  if (!offsets) {
    errors.push({
      field: 'timezone',
      message: 'must be a zone whose offset is of whole hours, such as Europe/Moscow',
    });
  }
  if (errors.length > 0 || !offsets) return refuse({ kind: 'invalid', errors });
  const skip = keyAfter(cursor, query.cursor);
  if (!skip.ok) return skip;
  const profile = query.user === undefined ? undefined : await deps.users.find(query.user);
  if (profile === null) return accept({ items: by.length === 0 ? [NOTHING] : [], asOf });
  const { operation, tier, model, limit } = query;
  const skipped = skip.value ?? 0;
  const found = await deps.usage.sum({
    ...{ from, to, by, operation, tier, model, offsets },
    userId: profile?.userId,
    limit: limit + 1,
    skip: skipped,
  });
  return accept({ ...pageOf(found, limit, () => cursor.encode(skipped + limit)), asOf });
}

function faultsOf(by: Dimension[]): Fault[] {
  const isKnown = by.every((dimension) => DIMENSIONS.includes(dimension));
  if (isKnown && by.length <= 2 && new Set(by).size === by.length) return [];
  return [
    { field: 'by', message: `must be one or two different ones of ${DIMENSIONS.join(', ')}, with a comma` },
  ];
}

function rangeFaults({ from, to }: UsageQuery, by: Dimension[], now: number): Fault[] {
  const whole = (field: string, at: number | undefined): Fault[] =>
    at === undefined || at % HOUR_MS === 0 ? [] : [{ field, message: 'must be a whole hour' }];
  const faults = [...whole('from', from), ...whole('to', to)];
  if (from !== undefined && to !== undefined && from > to) {
    faults.push({ field: 'to', message: 'must not lie before from' });
  }
  if (by.includes('hour') && ((to ?? now) - (from ?? 0)) / HOUR_MS > MAX_HOURS) {
    faults.push({ field: 'from', message: 'must lie at most 400 days before to, by the hour' });
  }
  return faults;
}
