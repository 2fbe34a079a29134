import { type Refusal, refuse } from '../refusal.js';

/** withAccount was called for a user number that nobody has. */
export class UnknownAccountError extends Error {
  override readonly name = 'UnknownAccountError';
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
