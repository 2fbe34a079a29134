import type { Balance } from '../account/balance.js';
import { bringAccountUpToDate } from '../account/read-account.js';
import type { Deps } from '../deps.js';
import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import type { UserDirectory, UserRow, UserSearch } from '../ports/user-directory.js';
import { accept, type Result } from '../refusal.js';
import type { NamedUser } from './read-user.js';

export interface UserListing extends Pick<Deps, 'clock' | 'ledger'> {
  directory: UserDirectory;
}

export interface ListedUser extends NamedUser {
  balance: Balance;
}

const cursor = cursorOf<number>('user', String, (text) => (/^\d{1,15}$/.test(text) ? Number(text) : null));

/**
 * Newest first; a user is named by the oldest reference. Whose tier ended while this was read may be missing from a page
 * that asks for that tier, so a page can be shorter than `limit` and go on all the same.
 */
export async function listUsers(
  calls: UserListing,
  request: PageRequest & Pick<UserSearch, 'search' | 'tier' | 'blocked'>,
): Promise<Result<Page<ListedUser>>> {
  const { search, tier, blocked } = request;
  const own = cursor.of(search, tier, ...(blocked === undefined ? [] : [String(blocked)]));
  const before = keyAfter(own, request.cursor);
  if (!before.ok) return before;
  const found = await calls.directory.find({
    ...{ search, tier, blocked },
    before: before.value,
    limit: request.limit + 1,
  });
  const page = pageOf(found, request.limit, (userId) => own.encode(userId));
  const users = await asTheyAreNow(calls, page.items);
  return accept({
    ...page,
    items: users.filter((user) => tier === undefined || user.tier === tier).map(named),
  });
}

async function asTheyAreNow(calls: UserListing, userIds: readonly number[]): Promise<UserRow[]> {
  const rows = await calls.directory.rows(userIds, calls.clock.now());
  const due = rows.filter((row) => row.isDue);
  if (due.length === 0) return rows;
  // One by one: a page of them at once would keep everybody else's slow calls waiting.
  for (const { userId } of due) await bringAccountUpToDate(calls, userId);
  return calls.directory.rows(userIds, calls.clock.now());
}

/** A user always has a name: the first call that made the user brought one. */
const named = ({ userId: _, isDue: __, ...user }: UserRow): ListedUser => ({
  user: user.references[0] as string,
  ...user,
});
