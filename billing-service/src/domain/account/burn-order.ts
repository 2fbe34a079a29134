/** Soonest expiry first, those without expiry last, ties by creation. */
export const burnOrder = (a: Place, b: Place): number =>
  (a.expiresAt ?? Infinity) === (b.expiresAt ?? Infinity)
    ? a.id - b.id
    : (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity);

/** Where a grant stands in it. */
interface Place {
  id: number;
  expiresAt: number | null;
}

/** Of an account with more live grants than a call usually needs: those that were not read. */
export interface UnreadGrants {
  /** None of them burns before this place; every other grant with tokens that does was read. It lies ahead of now. */
  from: Place;
  /** What they have together, more than 0. */
  tokens: number;
}

/** The call needs more of the account's grants than were read: it must begin again with more of them. */
export class MoreGrantsNeededError extends Error {
  override readonly name = 'MoreGrantsNeededError';
}
