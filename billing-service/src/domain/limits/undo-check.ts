import type { UserStore } from '../ports/user-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import { type TakeLimitsDeps, undoLimits } from './take-limits.js';

export interface UndoCheckDeps extends Pick<TakeLimitsDeps, 'catalogue' | 'limits' | 'clock'> {
  users: Pick<UserStore, 'find'>;
}

export interface UndoCheckInput {
  user: string;
  operation: string;
  checkId: string;
}

/** Gives a check's count back, once. Creates nothing: an unknown user has nothing to give back. Refuses with
 * `unknown_operation`. */
export async function undoCheck(
  deps: UndoCheckDeps,
  { user, operation, checkId }: UndoCheckInput,
): Promise<Result<{ undone: boolean }>> {
  if (!deps.catalogue.current().operations.has(operation))
    return refuse({ kind: 'unknown_operation', operation });
  const profile = await deps.users.find(user);
  const undone = profile !== null && (await undoLimits(deps, profile, operation, checkId));
  return accept({ undone });
}
