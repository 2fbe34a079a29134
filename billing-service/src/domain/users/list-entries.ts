import type { Entry, EntryKind } from '../account/entry.js';
import { readAccount } from '../account/read-account.js';
import { encodeReservationId } from '../account/reservation-id.js';
import type { Deps } from '../deps.js';
import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import type { ArchivedEntries, EntryStore } from '../ports/listings.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result, refuse } from '../refusal.js';

export interface EntryListing extends Pick<Deps, 'clock' | 'ledger'> {
  users: UserStore;
  entries: EntryStore;
}

/** `archived`: the list ends here because older ones are in files. */
export type EntryPage = Page<Entry> & { archived?: ArchivedEntries };

const cursor = cursorOf<number>('entry', String, (text) => (/^\d{1,15}$/.test(text) ? Number(text) : null));

/** One user's lines of the ledger, newest first; what is due is written before it is read. */
export async function listEntries(
  calls: EntryListing,
  reference: string,
  request: PageRequest & { kind?: EntryKind | undefined },
): Promise<Result<EntryPage>> {
  const profile = await calls.users.find(reference);
  const own = cursor.of(profile?.userId, request.kind);
  const before = keyAfter(own, request.cursor);
  if (!before.ok) return before;
  if (!profile) return refuse({ kind: 'unknown_user', user: reference });
  await readAccount(calls, profile.userId);
  const found = await calls.entries.list({
    userId: profile.userId,
    kind: request.kind,
    before: before.value,
    limit: request.limit + 1,
  });
  const named = found.map((entry) => ({
    ...entry,
    reservationId: entry.reservationId && encodeReservationId(profile.userId, entry.reservationId),
  }));
  const page = pageOf(named, request.limit, (entry) => own.encode(entry.id));
  const archived = page.nextCursor === undefined && (await calls.entries.archived(profile.userId));
  return accept(archived ? { ...page, archived } : page);
}
