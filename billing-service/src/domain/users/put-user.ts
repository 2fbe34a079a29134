import { describeUser, type NamedUser, type UserCalls } from './read-user.js';

/** An absent field stays as it is, null clears it. */
export interface UserChange {
  username?: string | null;
  firstName?: string | null;
  locale?: string | null;
}

export async function putUser(
  calls: UserCalls,
  reference: string,
  change: UserChange,
): Promise<{ created: boolean; user: NamedUser }> {
  const profile = await calls.users.register(reference);
  await calls.users.update(profile.userId, change);
  return { created: profile.created, user: await describeUser(calls, reference, profile) };
}
