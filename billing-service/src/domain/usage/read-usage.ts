import { cursorOf, keyAfter, type Page, pageOf } from '../page.js';
import type { Clock } from '../ports/clock.js';
import type { Dimension, UsageRow, UsageStore } from '../ports/usage-store.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import { faultsOf, spanOf, type UsageQuery } from './usage-query.js';
import { wholeHourOffsets } from './whole-hour-zone.js';

export interface UsageDeps {
  clock: Clock;
  users: Pick<UserStore, 'find'>;
  usage: UsageStore;
}

export type Usage = Page<UsageRow> & { asOf: number };

/** A second or two of the database's time. */
const MAX_ENTRIES = 1_000_000;
const cursors = cursorOf<number>('usage', String, (text) => (/^\d{1,9}$/.test(text) ? Number(text) : null));

const NOTHING: UsageRow = {
  ...{ commits: 0, charged: 0, refunded: 0, uncollected: 0 },
  ...{ granted: 0, expired: 0, revoked: 0, adjusted: 0 },
};

/** The ledger summed, as it is at this instant. Refusals: invalid. */
export async function readUsage(deps: UsageDeps, query: UsageQuery): Promise<Result<Usage>> {
  const asOf = deps.clock.now();
  const by = (query.by?.split(',') ?? []) as Dimension[];
  const { operation, tier, model, limit, timezone } = query;
  const { from, to } = spanOf(query, by, asOf);
  const offsets = wholeHourOffsets(timezone, from, to, asOf);
  const errors = faultsOf(query, by, offsets !== null, asOf);
  if (errors.length > 0 || !offsets) return refuse({ kind: 'invalid', errors });
  const profile = query.user === undefined ? undefined : await deps.users.find(query.user);
  const cursor = cursors.of(
    ...by,
    query.from,
    query.to,
    profile?.userId ?? 0,
    operation,
    tier,
    model,
    timezone,
  );
  const after = keyAfter(cursor, query.cursor);
  if (!after.ok) return after;
  if (profile === null) return accept({ items: by.length === 0 ? [NOTHING] : [], asOf });
  const skip = after.value ?? 0;
  const found = await deps.usage.sum({
    ...{ from, to, by, operation, tier, model, offsets, skip },
    userId: profile?.userId,
    limit: limit + 1,
    maxEntries: MAX_ENTRIES,
  });
  if (found === 'too many entries') return refuse(tooMany);
  if (found === 'archived') return refuse(archived);
  return accept({ ...pageOf(found, limit, () => cursor.encode(skip + limit)), asOf });
}

const archived = {
  kind: 'invalid' as const,
  errors: [
    {
      field: 'from',
      message:
        'reaches into the archive: of users only whole UTC months are kept for good, without operation, tier or model; what else is asked of them is read entry by entry, and those are in files',
    },
  ],
};

const tooMany = {
  kind: 'invalid' as const,
  errors: [
    {
      field: 'from',
      message: `must lie closer to to: of users only whole UTC months are kept, without operation, tier or model; what else is asked of them is read entry by entry, and these are more than ${MAX_ENTRIES}`,
    },
  ],
};
