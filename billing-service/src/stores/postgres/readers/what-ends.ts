import { type Catalogue, tierIn } from '../../../domain/catalogue/catalogue.js';
import type { Happening } from '../../../domain/events/event.js';
import { lapseAhead } from '../../../domain/events/tell-lapse.js';
import type { Queryable } from '../driver/database.js';
import { type PlanRow, planOf } from '../ledger/account-rows.js';

/** from < t ≤ to, in ms since the epoch. */
interface Span {
  from: number;
  to: number;
}

type Told = Pick<Happening, 'type' | 'userId' | 'data'>;

/** A period's tokens end with it, which `tier.lapsing` tells where nothing follows. */
const GRANTS = `select g.user_id as "userId", g.source, g.expires_at as "expiresAt", left_over.tokens
from grants g
cross join lateral (select * from accounts a where a.user_id = g.user_id limit 1) a
cross join lateral (
  select case when g.id = a.front_grant_id then a.front_left else g.remaining end as tokens
) left_over
where g.source <> 'tier' and g.expires_at > $1 and g.expires_at <= $2 and left_over.tokens > 0
order by g.expires_at, g.user_id, g.id`;

export async function grantsEnding(tx: Pick<Queryable, 'query'>, { from, to }: Span): Promise<Told[]> {
  const rows = await tx.query<{ userId: number; source: string; expiresAt: Date; tokens: number }>(GRANTS, [
    new Date(from),
    new Date(to),
  ]);
  return rows.map(({ userId, source, expiresAt, tokens }) => ({
    ...{ type: 'grant.expiring', userId },
    data: { source, remaining: tokens, expiresAt: expiresAt.toISOString() },
  }));
}

const TIERS = `select id as "userId", tier, tenure, purchases, grace_until as "graceUntil", anchor, period,
  period_granted as "periodGranted", channel_subscribed_at as "channelSubscribedAt"
from users where tier_due_at > $1 and tier_due_at <= $2 order by tier_due_at, id`;

export async function tiersEnding(
  tx: Pick<Queryable, 'query'>,
  { from, to }: Span,
  catalogue: Catalogue,
): Promise<Told[]> {
  const rows = await tx.query<PlanRow & { userId: number }>(TIERS, [new Date(from), new Date(to)]);
  return rows.flatMap(({ userId, ...row }) => {
    const lapse = lapseAhead(planOf(row), (id) => tierIn(catalogue, id));
    return lapse ? [{ ...lapse, userId }] : [];
  });
}
