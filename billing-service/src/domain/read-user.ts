import type { UserStore } from '../stores/stores.js';
import type { Clock } from './clock.js';
import { accept, type Result, refuse } from './refusal.js';
import type { SettleIfDue } from './settle-if-due.js';
import type { UserDetails, UserProfile } from './user.js';

export interface UserCalls {
  users: UserStore;
  clock: Clock;
  settleIfDue: SettleIfDue;
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

/** A tier whose time is over is left first, so that nobody reads one that no longer holds. */
export async function describeUser(
  { users, clock, settleIfDue }: UserCalls,
  reference: string,
  profile: UserProfile,
): Promise<NamedUser> {
  if (profile.tierDueAtMs <= clock.now()) await settleIfDue(profile.userId);
  return { user: reference, ...(await users.details(profile.userId)) };
}
