-- Accounts as they are at one instant, for all balance reads that arrived together. A row per known user, with the
-- first $3 of its grants in burn order.
select i.ord::integer as ord,
  (a.front_left + a.rest - a.debt - a.reserved) as available,
  a.reserved,
  (a.front_left + a.rest - a.debt) as total,
  a.spent, a.debt, u.tier, u.period,
  u.anchor, u.paid_until,
  (a.next_due_at <= $1::timestamptz) is true or (a.reserved > 0 and a.hold_due_at <= $1::timestamptz) is true as due,
  (
    select coalesce(json_agg(json_build_object(
      'source', g.source, 'remaining', g.remaining, 'expiresAt', extract(epoch from g.expires_at) * 1000
    ) order by g.expires_at nulls last, g.id), '[]')
    from (
      select id, source, expires_at, case when id = a.front_grant_id then a.front_left else remaining end as remaining
      from grants
      where user_id = a.user_id and case when id = a.front_grant_id then a.front_left else remaining end > 0
      order by expires_at nulls last, id limit $3::integer
    ) g
  ) as grants
from unnest($2::bigint[]) with ordinality as i(user_id, ord)
cross join lateral (select * from accounts where accounts.user_id = i.user_id limit 1) a
cross join lateral (select * from users where users.id = i.user_id limit 1) u
