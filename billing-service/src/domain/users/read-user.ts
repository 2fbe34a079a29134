import { readAccount } from '../account/read-account.js';
import type { Deps } from '../deps.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import type { UserDetails, UserProfile } from './user.js';

export interface UserCalls extends Pick<Deps, 'clock' | 'ledger'> {
  users: UserStore;
}

/** `user` is the reference that the caller asked with. */
export interface NamedUser extends UserDetails {
  user: string;
}

export async function readUser(calls: UserCalls, reference: string): Promise<Result<NamedUser>> {
  const profile = await calls.users.find(reference);
  if (!profile) return refuse({ kind: 'unknown_user', user: reference });
  return accept(await describeUser(calls, reference, profile));
}

/** A tier whose time is over is left first, so that nobody reads a tier that is no longer valid. */
export async function describeUser(
  calls: UserCalls,
  reference: string,
  profile: UserProfile,
): Promise<NamedUser> {
  if (profile.tierDueAtMs <= calls.clock.now()) await readAccount(calls, profile.userId);
  return { user: reference, ...(await calls.users.details(profile.userId)) };
}
