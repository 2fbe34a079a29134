import { MAX_SHOWN_GRANTS } from '../../../domain/account/balance.js';
import { MoreGrantsNeededError } from '../../../domain/account/burn-order.js';

/** What needs more of an account's live grants than were read is done again with ten times as many. */
export async function withEnoughGrants<T>(
  atMost = MAX_SHOWN_GRANTS,
  run: (atMost: number) => Promise<T>,
): Promise<T> {
  try {
    return await run(atMost);
  } catch (error) {
    if (error instanceof MoreGrantsNeededError) return withEnoughGrants(10 * atMost, run);
    throw error;
  }
}
