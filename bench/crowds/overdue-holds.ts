import { bringAccountUpToDate } from '../../billing-service/src/domain/account/read-account.js';
import type { Services } from '../../billing-service/src/http/services.js';
import type { Database } from '../../billing-service/src/stores/postgres/driver/database.js';
import { type Cost, watchTurns } from './watch-turns.js';

export interface Bench {
  database: Database;
  services: Services;
}

/** Holds of 2 tokens that are over, a millisecond apart, and a grant that covers them. */
const HOLD = `with made as (
    insert into reservations (user_id, id, reference, operation, amount, created_at, expires_at)
    select $1, overlay(gen_random_uuid()::text placing $4 from 1 for 15)::uuid, 'bench:holds', 'chatgpt_message', 2,
      $3::timestamptz, $3::timestamptz + i * interval '1 millisecond'
    from generate_series(1, $2::integer) i
  ), given as (
    insert into grants (user_id, id, source, amount, remaining, created_at)
    select $1, coalesce(max(id), 0) + 1, 'promo', 2 * $2::integer, 2 * $2::integer, $3 from grants where user_id = $1
  ), booked as (
    insert into entries (user_id, kind, amount, balance_after, created_at)
    select $1, 'grant', 2 * $2::integer, 2 * $2::integer, $3
  )
  update accounts set reserved = reserved + 2 * $2::integer, open_count = open_count + $2::integer,
    rest = rest + 2 * $2::integer, hold_due_at = $3::timestamptz + interval '1 millisecond' where user_id = $1`;

/** What it costs to bring an account up to now on which `count` holds are overdue. */
export async function overdueHolds(
  { database, services }: Bench,
  count: number,
  rounds: number,
): Promise<Cost[]> {
  const { ledger, clock, users } = services;
  const { userId } = await users.ensure('bench:holds');
  const costs: Cost[] = [];
  const hold = async () => {
    const at = clock.now() - 3_600_000;
    const hex = at.toString(16).padStart(12, '0');
    const head = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
    await database.query(HOLD, [userId, count, new Date(at), head]);
  };
  const end = () => bringAccountUpToDate({ ledger }, userId);
  for (let round = 0; round < rounds; round++) costs.push(await watchTurns(hold, end));
  return costs;
}
