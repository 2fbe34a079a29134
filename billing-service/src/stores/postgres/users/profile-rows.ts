import { GIFT_TIER } from '../../../domain/catalogue/catalogue.js';
import type { Overrides } from '../../../domain/catalogue/overrides.js';
import type { UserProfile } from '../../../domain/users/user.js';
import { textArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';

interface ProfileRow {
  reference: string;
  user_id: number;
  tier: string;
  tier_due_at: Date | null;
  blocked_for: string | null;
  overrides: Overrides | null;
}

const FIND = `select r.reference, r.user_id, u.tier, u.tier_due_at, u.overrides,
  case when u.blocked_at is not null then coalesce(u.block_reason, '') end as blocked_for
from user_references r join users u on u.id = r.user_id where r.reference = any($1::text[])`;

// Racing callers compete for the reference: the one that inserts it creates the user and the account, the others
// nothing. All insert in the same order, so two instances that create the same users at once cannot deadlock.
const CREATE = `with wanted as materialized (
  select reference, nextval('users_id_seq') as id
  from (select reference from unnest($1::text[]) as w(reference) order by reference collate "C") w
  where (select set_config('lock_timeout', '200', true)) is not null
), claimed as (
  insert into user_references (reference, user_id, created_at)
  select reference, id, $2::timestamptz from wanted
  on conflict (reference) do nothing returning reference, user_id
), made as (
  insert into users (id, tier, created_at) select user_id, $3::text, $2::timestamptz from claimed
), account as (
  insert into accounts (user_id, next_due_at) select user_id, $4::timestamptz from claimed
), told as (
  insert into happenings (type, user_id, at, data)
  select 'user.created', user_id, $2::timestamptz, '{"data":{}}' from claimed
)
select reference, user_id from claimed`;

export async function findProfiles(
  database: Database,
  references: readonly string[],
): Promise<Map<string, UserProfile>> {
  const rows = await database.hot<ProfileRow>('find_profiles', FIND, [textArray(references)]);
  return new Map(
    rows.map(({ reference, user_id: userId, tier, tier_due_at, blocked_for: blockedFor, overrides }) => [
      reference,
      {
        userId,
        tier,
        tierDueAtMs: tier_due_at?.getTime() ?? Number.POSITIVE_INFINITY,
        blockedFor,
        overrides,
      },
    ]),
  );
}

/**
 * Creates those of `references` that nobody has created meanwhile: users on gift with empty accounts. `nextDueAt` is
 * when the first period may begin; null if it waits for the user to join the channel.
 */
export async function createProfiles(
  database: Database,
  references: readonly string[],
  now: Date,
  nextDueAt: Date | null,
): Promise<Map<string, UserProfile>> {
  const rows = await database.hot<{ reference: string; user_id: number }>('create_profiles', CREATE, [
    textArray(references),
    now,
    GIFT_TIER,
    nextDueAt,
  ]);
  return new Map(
    rows.map((row) => [
      row.reference,
      {
        ...{ userId: row.user_id, tier: GIFT_TIER, tierDueAtMs: Number.POSITIVE_INFINITY },
        ...{ blockedFor: null, overrides: null },
      },
    ]),
  );
}
