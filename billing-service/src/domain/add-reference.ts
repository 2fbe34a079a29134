import { describeUser, type NamedUser, type UserCalls } from './read-user.js';
import { accept, type Result, refuse } from './refusal.js';

/** A second name for a user, say from another frontend; one that the user has already is accepted again. */
export async function addReference(
  calls: UserCalls,
  user: string,
  reference: string,
): Promise<Result<NamedUser>> {
  const profile = await calls.users.ensure(user);
  if (!(await calls.users.addReference(profile.userId, reference))) {
    return refuse({ kind: 'reference_taken', reference });
  }
  return accept(await describeUser(calls, user, profile));
}
