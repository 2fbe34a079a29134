import { type Refusal, refuse } from '../refusal.js';

/** There is no account of this number: nobody ever had it, or whoever had it was erased or merged into another user. */
export class UnknownAccountError extends Error {
  override readonly name = 'UnknownAccountError';

  constructor(readonly userId: number) {
    super(`user ${userId} has no account`);
  }
}

/** Someone may make up a reservation id, and with it the user's number inside. */
export async function orUnknownReservation<T>(
  reservationId: string,
  run: () => Promise<T>,
): Promise<T | { ok: false; refusal: Refusal }> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UnknownAccountError) return refuse({ kind: 'unknown_reservation', reservationId });
    throw error;
  }
}

/** A user's reference may have come to name another one this often while one call was made. */
const MOST_TRIES = 4;

/**
 * A reference is looked up in a cache, and by the time the account is locked it may name another user: its own was erased
 * or merged. Nothing was done then, and the call is made anew.
 */
export async function anewIfGone<T>(
  users: { invalidate(userId: number): void },
  run: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof UnknownAccountError) || tries === MOST_TRIES) throw error;
      users.invalidate(error.userId);
    }
  }
}
