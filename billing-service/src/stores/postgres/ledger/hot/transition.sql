-- All commits, releases and extensions of open holds that arrived together, in one statement. A row comes back for each
-- item of an account that could take all of its items. The other accounts are left as they were: transition-exact.sql
-- decides their items one by one.
-- act: 1 commit (asked null = the whole hold) · 2 release · 3 extend (by `until`, at most 24 h after creation).
-- An account can take its items if its front grant alone pays all their charges and no item charges more than was held.
-- The update takes the accounts' locks in the order of user_id (see reserve.sql), before those of their reservations.
-- If another transaction has ended one of the reservations since this statement's snapshot, the statement fails with a
-- division by zero, on purpose: nothing was done, and transition-exact.sql decides.
with found as materialized (
  select i.*, r.reference, r.operation, r.amount as hold, r.metadata as hold_metadata,
    greatest(r.expires_at, least(i.until, r.created_at + interval '24 hours')) as expires_at,
    case act when 1 then coalesce(i.asked, r.amount) else 0 end as cost,
    case act when 3 then 0 else r.amount end as freed
  from unnest(
    $2::smallint[], $3::bigint[], $4::uuid[], $5::bigint[], $6::timestamptz[], $7::text[], $8::uuid[], $9::uuid[],
    $11::text[]
  ) with ordinality as i(act, user_id, id, asked, until, metadata, key_hash, payload_hash, public_id, ord)
  left join lateral (
    select * from reservations
    where user_id = i.user_id and id = i.id and status = 'open' and expires_at > $1::timestamptz limit 1
  ) r on true
),
-- Keys that have an answer. Only a lateral with LIMIT keeps a plan made for an empty table from scanning all of it.
known as materialized (
  select i.ord from found i
  cross join lateral (
    select from idempotency_keys k where k.user_id = i.user_id and k.key_hash = i.key_hash limit 1
  ) k
  where i.key_hash is not null
),
asked as materialized (
  select *, sum(cost) over later as cost_to_end, sum(freed) over later as freed_to_end
  from found
  window later as (partition by user_id order by ord desc)
),
account as (
  update accounts a
  set front_left = a.front_left - s.cost,
    reserved = a.reserved - s.freed,
    spent = a.spent + s.cost,
    open_count = a.open_count - s.closed
  from (
    select user_id, sum(cost)::bigint as cost, sum(freed)::bigint as freed,
      (count(*) filter (where act <> 3))::integer as closed,
      bool_and(coalesce(cost <= hold, false) and ord not in (select ord from known)) as fits
    from found group by user_id order by user_id
  ) s
  where a.user_id = s.user_id and s.fits and s.cost <= a.front_left
    -- False if another transaction has ended one of these holds.
    and s.freed <= a.reserved and s.closed <= a.open_count
    and (a.next_due_at <= $1::timestamptz) is not true
    and (a.reserved = 0 or a.hold_due_at > $1::timestamptz)
  returning a.user_id, a.front_grant_id, a.front_left + a.rest - a.debt as total, a.reserved
),
decided as materialized (
  select asked.*, front_grant_id,
    (total + cost_to_end - cost)::bigint as total_after, (reserved + freed_to_end - freed)::bigint as reserved_after
  from asked join account using (user_id)
),
settled as (
  update reservations r
  set status = case act when 1 then 'committed' when 2 then 'refunded' else r.status end,
    settled_at = case when act = 3 then null else $1 end,
    expires_at = case when act = 3 then d.expires_at else r.expires_at end,
    asked = case when act = 1 then d.cost end,
    charged = case when act = 1 then d.cost else 0 end,
    refunded_total = case when act = 2 then r.amount else 0 end,
    grant_id = case when act = 1 and d.cost > 0 then d.front_grant_id end,
    commit_available = case when act = 1 then total_after - reserved_after end,
    commit_reserved = case when act = 1 then reserved_after end,
    commit_price_list = case when act = 1 then $10::integer end
  from decided d
  where r.user_id = d.user_id and r.id = d.id and r.status = 'open'
  returning d.ord
),
entry as (
  insert into entries (user_id, kind, amount, balance_after, operation, reservation_id, metadata, created_at)
  select user_id, 'charge', -cost, total_after, operation, id, coalesce(metadata, hold_metadata), $1
  from decided where cost > 0 order by ord
),
answer as (
  insert into idempotency_keys
    (user_id, key_hash, payload_hash, status, answer, available, reserved, price_list, created_at)
  select user_id, key_hash, payload_hash, 200,
    -- The same values that domain/commit-tokens.ts, refund-tokens.ts and extend-reservation.ts answer with.
    case act
      when 1 then json_build_object('reservationId', public_id, 'user', reference, 'operation', operation,
        'status', 'committed', 'reserved', hold, 'amount', cost, 'released', hold - cost,
        'uncollected', 0, 'late', false)
      when 2 then json_build_object('reservationId', public_id, 'status', 'refunded', 'refunded', hold,
        'refundedTotal', hold)
      else json_build_object('reservationId', public_id, 'expiresAt', extract(epoch from expires_at) * 1000)
    end::text,
    -- The answer to an extension has no balance, so its replay must have none either.
    case when act <> 3 then total_after - reserved_after end,
    case when act <> 3 then reserved_after end, case when act = 1 then $10::integer end, $1
  from decided where key_hash is not null
)
select ord::integer as ord, reference, operation, hold, cost, total_after - reserved_after as available,
  reserved_after as reserved, case when act = 3 then expires_at end as expires_at,
  1 / (ord in (select ord from settled))::integer as done
from decided
