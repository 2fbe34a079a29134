import type { Deps } from '../deps.js';
import type { AccountView } from '../ports/ledger.js';
import { UnknownAccountError } from './unknown-account.js';

/**
 * The account as it is now. It is brought up to now first if the end of a hold, a grant or a period has passed, so what
 * is read does not depend on whether a sweeper came by. One read if nothing is due. Throws UnknownAccountError.
 */
export async function readAccount(deps: Pick<Deps, 'ledger'>, userId: number): Promise<AccountView> {
  const view = await found(deps, userId);
  if (!view.due) return view;
  await bringAccountUpToDate(deps, userId);
  return found(deps, userId);
}

async function found({ ledger }: Pick<Deps, 'ledger'>, userId: number): Promise<AccountView> {
  const view = await ledger.accountOf(userId);
  if (!view) throw new UnknownAccountError(userId);
  return view;
}

/** Brings one account up to now. */
export const bringAccountUpToDate = (deps: Pick<Deps, 'ledger'>, userId: number): Promise<void> =>
  deps.ledger.withAccount({ userId }, () => undefined);
