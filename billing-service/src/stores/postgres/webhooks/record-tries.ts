import type { Tried } from '../../../domain/ports/webhook-store.js';
import { GIVE_UP_AFTER_MS, waitAfter } from '../../../domain/webhooks/ladder.js';
import type { Attempt } from '../../../domain/webhooks/webhook.js';
import type { Queryable } from '../driver/database.js';
import { insertHappenings } from '../events/happening-rows.js';
import type { webhooks } from '../schema/schema.js';
import { nameHeads, skipWaiting } from './delivery-rows.js';

const GONE = 410;
const isSuccess = ({ status }: Attempt) => status !== null && status >= 200 && status < 300;

interface Row {
  id: number;
  line: number;
  status: string;
  tries: number;
  attempts: string;
}

/** Writes what attempts came to, under the endpoint's lock: the next of a line becomes its first. */
export async function recordTries(
  tx: Queryable,
  webhook: typeof webhooks.$inferSelect,
  tried: readonly Tried[],
  now: number,
): Promise<void> {
  const rows = await tx.query<Row>(
    'select id, line, status, tries, attempts from deliveries where webhook_id = $1 and id = any ($2::bigint[])',
    [webhook.id, `{${tried.map(({ id }) => id)}}`],
  );
  const ended: number[] = [];
  for (const row of rows) {
    const one = tried.find(({ id }) => id === row.id);
    if (one && (await recordTry(tx, row, one, now))) ended.push(row.line);
  }
  if (ended.length > 0) await nameHeads(tx, webhook.id, ended);
  await judge(tx, webhook, tried, now);
}

/** True where it has ended. */
async function recordTry(tx: Queryable, row: Row, { attempt, retryAfterMs }: Tried, now: number) {
  const tries = row.tries + 1;
  const wait = isSuccess(attempt) ? null : waitAfter(tries, retryAfterMs, Math.random());
  const status = isSuccess(attempt) ? 'delivered' : wait === null ? 'failed' : 'waiting';
  const attempts = JSON.stringify([...(JSON.parse(row.attempts) as Attempt[]), attempt]);
  // Skipped meanwhile: what was sent is noted, and that was all.
  const isWaiting = row.status === 'waiting';
  await tx.query(
    `update deliveries set tries = $2, attempts = $3, next_at = $4, status = case when status = 'waiting' then $5 else status end,
       head = head and $5 = 'waiting' where id = $1`,
    [row.id, tries, attempts, new Date(now + (wait ?? 0)), status],
  );
  return isWaiting && status !== 'waiting';
}

/** Whether the endpoint is sound, failing, or to be given up. */
async function judge(
  tx: Queryable,
  { id, enabled, failingSince }: typeof webhooks.$inferSelect,
  tried: readonly Tried[],
  now: number,
): Promise<void> {
  if (tried.length === 0) return;
  const isGone = tried.some(({ attempt }) => attempt.status === GONE);
  const isSound = !isGone && tried.some(({ attempt }) => isSuccess(attempt));
  const since = isSound ? null : (failingSince?.getTime() ?? now);
  const isFailing = since !== null && now - since >= GIVE_UP_AFTER_MS;
  const reason = isGone ? 'gone' : isFailing ? 'failing' : null;
  await tx.query('update webhooks set failing_since = $2 where id = $1', [id, since && new Date(since)]);
  if (!enabled || reason === null) return;
  await tx.query('update webhooks set enabled = false, disabled_for = $2 where id = $1', [id, reason]);
  await skipWaiting(tx, id);
  const data = { webhookId: id, reason };
  await insertHappenings(tx, [{ type: 'webhook.disabled', userId: null, at: now, data }]);
}
