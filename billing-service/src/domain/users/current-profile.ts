import { bringAccountUpToDate } from '../account/read-account.js';
import type { Deps } from '../deps.js';
import type { UserProfile } from './user.js';

/** The user's profile, created where unknown; brought up to now first where the tier would have changed by itself. */
export async function currentProfile(
  deps: Pick<Deps, 'users' | 'clock' | 'ledger'>,
  reference: string,
): Promise<UserProfile> {
  const profile = deps.users.cached(reference) ?? (await deps.users.ensure(reference));
  return upToDate(deps, reference, profile);
}

/** The same for a profile at hand. */
export async function upToDate(
  deps: Pick<Deps, 'users' | 'clock' | 'ledger'>,
  reference: string,
  profile: UserProfile,
): Promise<UserProfile> {
  if (profile.tierDueAtMs > deps.clock.now()) return profile;
  await bringAccountUpToDate(deps, profile.userId);
  return (await deps.users.find(reference)) ?? profile;
}
