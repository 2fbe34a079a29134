import { bringAccountUpToDate } from '../account/read-account.js';
import type { Deps } from '../deps.js';
import type { UserProfile } from './user.js';

/** The user's profile; an unknown user is created, and a tier that has changed by itself is brought up to now first. */
export async function currentProfile(
  deps: Pick<Deps, 'users' | 'clock' | 'ledger'>,
  reference: string,
): Promise<UserProfile> {
  const profile = await deps.users.ensure(reference);
  return upToDate(deps, reference, profile);
}

/** The same for a profile that is already known. */
export async function upToDate(
  deps: Pick<Deps, 'users' | 'clock' | 'ledger'>,
  reference: string,
  profile: UserProfile,
): Promise<UserProfile> {
  if (profile.tierDueAtMs > deps.clock.now()) return profile;
  await bringAccountUpToDate(deps, profile.userId);
  return (await deps.users.find(reference)) ?? profile;
}
