import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../driver/database.js';

const AGAIN_MS = 50;
/** A transaction that has not ended by then may not end for long. */
const WAIT_MS = 500;
const LOOK = 'select coalesce((select id from entries order by id desc limit 1), 0) as "lastId"';
const FENCE = 'select pg_current_xact_id()::text as fence';
const IS_OVER = 'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as over';
/** Other marks count something else: events, or ms. */
const MARKED = `select coalesce(max(through_id), 0) as "throughId" from marks where reader in ('usage', 'events')`;

/**
 * An entry's number up to which the ledger will not change any more; why so: readers/ledger-mark.ts. While somebody's
 * transaction goes on and on, it is what a reader of the ledger has seen to be so before.
 */
export async function settledEnd({ reading }: Pick<Database, 'reading'>): Promise<number> {
  const [seen] = await reading((tx) => tx.query<{ lastId: number }>(LOOK));
  const [drawn] = await reading((tx) => tx.query<{ fence: string }>(FENCE));
  for (const untilMs = performance.now() + WAIT_MS; performance.now() < untilMs; await sleep(AGAIN_MS)) {
    const [is] = await reading((tx) => tx.query<{ over: boolean }>(IS_OVER, [drawn?.fence]));
    if (is?.over) return seen?.lastId ?? 0;
  }
  const [marked] = await reading((tx) => tx.query<{ throughId: number }>(MARKED));
  return marked?.throughId ?? 0;
}
