-- All commits, releases and extensions that arrived together, as one statement, decided item by item. One
-- row per item, by ord: status 1 done · 0 slow path (also for every later item of an account with a slow item).
-- act: commit (asked null = the whole hold) · release · extend (to `until`, at most {longest life} after creation). The
-- numbers of acts and the other rules in braces: statement-text.ts.
-- Only what the front grant alone can pay is hot; see reserve.sql for the locks, their limit and the laterals. A
-- reservation is locked after its account, and read only then: under the account's lock it cannot change, but this
-- statement's snapshot may be older than the lock.
with item as materialized (
  select * from unnest(
    $2::smallint[], $3::bigint[], $4::uuid[], $5::bigint[], $6::timestamptz[], $7::text[], $8::uuid[], $9::uuid[],
    $11::text[], $12::integer[], $13::text[]
  ) with ordinality as i(
    act, user_id, id, asked, until, metadata, key_hash, payload_hash, public_id, model, commit_terms, ord
  )
  where (select set_config('lock_timeout', '200', true)) is not null
),
{known},
account as materialized (
  select a.*
  from (select distinct user_id from item order by user_id) owner
  cross join lateral (
    select user_id, reserved, front_grant_id, front_left, {total} as total, {due} as due
    from accounts a where a.user_id = owner.user_id limit 1 for update
  ) a
),
found as (
  select item.*, account.reserved, account.front_grant_id, account.front_left, account.total, account.due,
    r.reference, r.operation, r.amount as hold, r.metadata as hold_metadata, r.tier, r.model as hold_model,
    r.price_version, r.terms,
    r.status = 'open' and r.expires_at > $1::timestamptz as open,
    greatest(r.expires_at, least(item.until, r.created_at + {longest life})) as expires_at,
    case act when {commit} then coalesce(item.asked, r.amount) else 0 end as cost,
    case act when {extend} then 0 else r.amount end as freed
  from account
  join item using (user_id)
  left join lateral (
    select * from reservations r where r.user_id = account.user_id and r.id = item.id limit 1 for update
  ) r on true
),
summed as (
  select *,
    sum(cost) over w as costs,
    sum(freed) over w as frees
  from found
  window w as (partition by user_id order by ord)
),
decided as materialized (
  select *,
    bool_and(
      open is true and not due
      -- Another model than the hold's is the slow path's to refuse.
      and (model is null or model is not distinct from hold_model)
      -- What is available before this item, earlier ones of the batch included.
      and cost <= hold + greatest(0, (total - costs + cost) - (reserved - frees + freed))
      and costs <= front_left
      and ord not in (select ord from known)
    ) over (partition by user_id order by ord) as hot
  from summed
),
settled as (
  update reservations r
  set status = case act when {commit} then 'committed' when {release} then 'refunded' else r.status end,
    settled_at = case when act = {extend} then null else $1 end,
    expires_at = case when act = {extend} then d.expires_at else r.expires_at end,
    asked = case when act = {commit} then d.cost end,
    charged = case when act = {commit} then d.cost else 0 end,
    refunded_total = case when act = {release} then r.amount else 0 end,
    grant_id = case when act = {commit} and d.cost > 0 then d.front_grant_id end,
    commit_available = case when act = {commit} then (d.total - d.costs) - (d.reserved - d.frees) end,
    commit_reserved = case when act = {commit} then d.reserved - d.frees end,
    commit_price_list = case when act = {commit} then $10::integer end,
    -- An amount says what it is by itself where the hold has no terms.
    commit_terms = case when d.terms is null then nullif(d.commit_terms, '{by amount}') else d.commit_terms end
  from decided d
  where d.hot and r.user_id = d.user_id and r.id = d.id
),
entry as (
  insert into entries
    (user_id, kind, amount, balance_after, operation, reservation_id, metadata, created_at, tier, model)
  select user_id, 'charge', -cost, total - costs, operation, id, coalesce(metadata, hold_metadata), $1, tier, hold_model
  from decided where hot and cost > 0 order by ord
),
answer as (
  insert into idempotency_keys
    (user_id, key_hash, payload_hash, status, answer, available, reserved, price_list, created_at)
  select user_id, key_hash, payload_hash, 200,
    -- The same values that domain/tokens/ commit, refund and extend answer with: known-key.test.ts compares.
    case act
      when {commit} then json_build_object('reservationId', public_id, 'user', reference, 'operation', operation,
        'status', 'committed', 'reserved', hold, 'amount', cost, 'released', greatest(0, hold - cost),
        'uncollected', 0, 'late', false)
      when {release} then json_build_object('reservationId', public_id, 'status', 'refunded', 'refunded', hold,
        'refundedTotal', hold)
      else json_build_object('reservationId', public_id, 'expiresAt', extract(epoch from expires_at) * 1000)
    end::text,
    -- The answer to an extension has no balance, so its replay must have none either.
    case when act <> {extend} then (total - costs) - (reserved - frees) end,
    case when act <> {extend} then reserved - frees end, case when act = {commit} then $10::integer end, $1
  from decided where hot and key_hash is not null
),
changed as (
  update accounts a
  set front_left = a.front_left - s.cost,
    reserved = a.reserved - s.freed,
    spent = a.spent + s.cost,
    open_count = a.open_count - s.closed
  from (
    select user_id, sum(cost)::bigint as cost, sum(freed)::bigint as freed,
      (count(*) filter (where act <> {extend}))::integer as closed
    from decided where hot group by user_id
  ) s
  where a.user_id = s.user_id
)
select ord::integer as ord, hot::integer as status, reference, operation, hold, cost, price_version, terms,
  case when act = {extend} then expires_at end as expires_at,
  ((total - costs) - (reserved - frees))::bigint as available,
  (reserved - frees)::bigint as reserved
from decided
