/** Limits of one user in place of the tier's, for the model. */
import type { CallOf } from './call.js';
import { type Answer, type ModelTier, type ModelUser, tierOf, type World, yes } from './model-state.js';

export function override(
  user: ModelUser,
  { overdraft, maxOpenReservations, expiresAt }: CallOf<'override'>,
): Answer {
  const isSet = overdraft !== null || maxOpenReservations !== null;
  user.own = isSet ? { overdraft, maxOpenReservations, until: expiresAt ?? Number.POSITIVE_INFINITY } : null;
  return yes({ overrides: isSet ? { overdraft, maxOpenReservations, expiresAt } : null });
}

export function allowedTo(
  world: World,
  user: ModelUser,
): Pick<ModelTier, 'overdraft' | 'maxOpenReservations'> {
  const { overdraft, maxOpenReservations } = tierOf(world, user);
  if (!user.own || world.now >= user.own.until) return { overdraft, maxOpenReservations };
  return {
    overdraft: user.own.overdraft === null ? overdraft : user.own.overdraft,
    maxOpenReservations:
      user.own.maxOpenReservations === null ? maxOpenReservations : user.own.maxOpenReservations,
  };
}
