import { InvariantError } from '../../../domain/account/assert-account.js';
import type { Rehearsal } from '../../../domain/ports/ledger.js';
import type { Database, Queryable } from '../driver/database.js';
import type { Changed } from './account-store.js';
import { keptOrUndone } from './kept-or-undone.js';
import type { LedgerContext } from './ledger-context.js';
import type { Turn, Turns } from './turns.js';
import { withEnoughGrants } from './with-enough-grants.js';

/** One slow call, with so many grants read at most. */
export type Run<T> = (grantsRead: number) => (tx: Queryable) => Promise<Changed<T>>;

/** A slow call in its turn, in a transaction of its own; again where more grants are needed than were read. */
export async function changeSlowly<T>(
  { database, context, turns }: { database: Database; context: LedgerContext; turns: Turns },
  turn: Turn,
  rehearsal: Rehearsal | undefined,
  run: Run<T>,
): Promise<T> {
  const startedAt = performance.now();
  const { trace } = turn.patience;
  const span = trace && context.tracer?.start('account change', { parent: trace });
  const { value, planChanged, ...happened } = await turns
    .take(turn, (lockTimeoutMs) =>
      withEnoughGrants(context.grantsRead, (grantsRead) =>
        keptOrUndone(database, run(grantsRead), { lockTimeoutMs, rehearsal }),
      ),
    )
    .catch((error) => {
      span?.end({ failed: true });
      if (error instanceof InvariantError) context.telemetry.invariantBroken(error.rule);
      throw error;
    });
  span?.end();
  if (rehearsal) return value;
  context.telemetry.accountChanged({ tookMs: performance.now() - startedAt, ...happened });
  if (planChanged) context.onPlanChange(turn.userId);
  return value;
}
