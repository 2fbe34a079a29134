import type { ToldUser } from '../../../domain/events/tell-entry.js';
import { currentPeriod } from '../../../domain/plan/plan.js';
import { plainArray } from '../driver/array-literal.js';
import type { Queryable } from '../driver/database.js';
import { type PlanRow, planOf } from '../ledger/account-rows.js';

/** Without the order of the planner's liking: a lateral with a limit keeps it on the primary keys. */
const USERS = `select i.user_id as "userId", r.reference as "user", u.locale, a.reserved,
  a.front_left + a.rest - a.debt as total, u.tier, u.tenure, u.purchases, u.grace_until as "graceUntil", u.anchor,
  u.period, u.period_granted as "periodGranted", u.channel_subscribed_at as "channelSubscribedAt"
from unnest($1::bigint[]) i(user_id)
left join lateral (select merged_into from former_users f where f.user_id = i.user_id limit 1) f on true
cross join lateral (select * from users where users.id = coalesce(f.merged_into, i.user_id) limit 1) u
cross join lateral (select * from accounts where accounts.user_id = u.id limit 1) a
cross join lateral (
  select reference from user_references where user_id = u.id order by created_at, reference limit 1
) r`;

type Row = PlanRow & { userId: number; user: string; locale: string | null; reserved: number; total: number };

/** Those who have a name, perhaps as another user since; one who was erased has none, and nothing is told of them any more. */
export async function toldUsers(
  tx: Pick<Queryable, 'query'>,
  userIds: readonly number[],
): Promise<Map<number, ToldUser>> {
  if (userIds.length === 0) return new Map();
  const rows = await tx.query<Row>(USERS, [plainArray(userIds)]);
  return new Map(
    rows.map(({ userId, user, locale, reserved, total, ...plan }) => [
      userId,
      {
        ...{ user, locale, balance: { available: total - reserved, reserved, total } },
        renewsAt: currentPeriod(planOf(plan))?.until ?? null,
      },
    ]),
  );
}
