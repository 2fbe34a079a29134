import type { AccountReader } from '../stores/listings.js';
import type { Clock } from './clock.js';
import type { Ledger } from './ledger.js';

export interface Settling {
  accounts: AccountReader;
  clock: Clock;
  ledger: Pick<Ledger, 'withPurse'>;
}

/**
 * Brings an account up to now where something of it is due (the end of a hold, a grant or a period), so that what is
 * read next does not depend on whether a sweeper came by. One read where nothing is due, or where nobody is there.
 */
export async function settleIfDue({ accounts, clock, ledger }: Settling, userId: number): Promise<void> {
  if (await accounts.isDue(userId, clock.now())) await ledger.withPurse({ userId }, () => undefined);
}
