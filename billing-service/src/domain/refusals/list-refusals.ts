import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import { LATEST_MS } from '../plan/months.js';
import {
  COUNTED_REFUSALS,
  type RefusalCount,
  type RefusalFilter,
  type RefusalRow,
  type RefusalStore,
} from '../ports/refusal-store.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result } from '../refusal.js';

const FORM = /^(\d{1,15}) (\d{1,15}) (\d{1,15}) ([a-z_]{1,32}) ([a-z0-9_]{1,64})$/;

const cursor = cursorOf<RefusalCount>(
  'refusals',
  ({ hour, count, userId, kind, operation }) => `${hour} ${count} ${userId} ${kind} ${operation}`,
  (text) => {
    const [, hour, count, userId, name, operation = ''] = FORM.exec(text) ?? [];
    const kind = COUNTED_REFUSALS.find((one) => one === name);
    if (kind === undefined || Number(hour) > LATEST_MS) return null;
    return { hour: Number(hour), count: Number(count), userId: Number(userId), kind, operation };
  },
);

/**
 * The newest hour first, of one hour the most refused first. The present hour's counts grow between two pages, so a row
 * of it may come twice or, having risen, not at all. A filter that names an unknown user finds nothing. Refusals: invalid
 * (a cursor of another list).
 */
export async function listRefusals(
  { users, refusals }: { users: Pick<UserStore, 'find'>; refusals: Pick<RefusalStore, 'list'> },
  {
    user,
    limit,
    cursor: text,
    ...filter
  }: PageRequest & Omit<RefusalFilter, 'userId'> & { user?: string | undefined },
): Promise<Result<Page<RefusalRow>>> {
  const own = cursor.of(user, filter.operation, filter.kind, filter.from, filter.to);
  const after = keyAfter(own, text);
  if (!after.ok) return after;
  const profile = user === undefined ? undefined : await users.find(user);
  if (profile === null) return accept({ items: [] });
  const found = await refusals.list({
    ...{ ...filter, userId: profile?.userId },
    ...{ after: after.value, limit: limit + 1 },
  });
  return accept(pageOf(found, limit, (row) => own.encode(row)));
}
