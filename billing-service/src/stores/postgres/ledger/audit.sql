-- Every account against its own grants, holds and entries, in one snapshot. A row per sum that does not agree.
with granted as (
  select g.user_id, sum(case when g.id = a.front_grant_id then a.front_left else g.remaining end) as tokens
  from grants g join accounts a using (user_id) group by g.user_id
),
held as (
  select user_id, sum(amount) as reserved, count(*) as open_count
  from reservations where status = 'open' group by user_id
),
booked as (
  select user_id, sum(amount) as total,
    coalesce(sum(-amount) filter (where kind in ('charge', 'refund')), 0) as spent
  from entries group by user_id
),
figures as (
  select a.user_id, f.figure, f.expected, f.actual
  from accounts a
  left join granted using (user_id)
  left join held using (user_id)
  left join booked using (user_id)
  cross join lateral (values
    ('total by entries', coalesce(booked.total, 0), a.front_left + a.rest - a.debt),
    ('total by grants', coalesce(granted.tokens, 0), (a.front_left + a.rest)::numeric),
    ('reserved', coalesce(held.reserved, 0), a.reserved::numeric),
    ('open reservations', coalesce(held.open_count, 0), a.open_count::numeric),
    ('spent', coalesce(booked.spent, 0), a.spent::numeric)
  ) as f(figure, expected, actual)
)
select user_id, figure, expected::bigint as expected, actual::bigint as actual
from figures where expected <> actual order by user_id, figure limit 1000
