-- All reserves that arrived together, as one statement, decided item by item. One row per item, by ord:
--   status held · refused: too few tokens (final) · again: an earlier one of the account was refused · slow
-- Every statement that touches an account locks its row first, in the order of user_id: so there is no deadlock, and
-- what is read after the lock is up to date. Laterals with LIMIT keep the planner on the primary keys even if it is
-- wrong about table sizes (PGlite never analyzes).
-- What stands in braces is a rule that other statements follow too: statement-text.ts.
-- A lock is waited for 200 ms; after that the whole statement fails, see hot-statement.ts. The limit is set here, for
-- this statement's own transaction, because behind a pooler a connection keeps no settings. item is read before
-- anything is locked.
with item as materialized (
  select * from unnest(
    $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::timestamptz[], $9::text[],
    $10::integer[], $11::uuid[], $12::uuid[], $13::text[], $15::integer[], $16::integer[], $17::integer[], $18::text[]
  ) with ordinality as i(
    user_id, id, reference, operation, amount, created_at, expires_at, metadata,
    max_open, key_hash, payload_hash, seed, tier, model, price_version, terms, ord
  )
  where (select set_config('lock_timeout', '200', true)) is not null
),
{known},
account as materialized (
  select a.*
  from (select distinct user_id from item order by user_id) owner
  cross join lateral (
    select user_id, reserved, open_count,
      {total} as total, {due} as due
    from accounts a where a.user_id = owner.user_id limit 1 for update
  ) a
),
seen as (
  select item.*, account.reserved, account.total, account.total - account.reserved as available,
    -- Cold: the account must be brought up to now, the cap on open reservations may be reached, or the key is known.
    account.due
      or (max_open is not null and account.open_count + row_number() over w > max_open)
      or item.ord in (select ord from known) as cold,
    sum(amount) over w as running
  from account join item using (user_id)
  window w as (partition by user_id order by ord)
),
judged as (
  select *,
    bool_or(cold) over w as slow,
    bool_and(not cold and running <= available) over w as held
  from seen
  window w as (partition by user_id order by ord)
),
decided as materialized (
  select *, coalesce(max(running) filter (where held) over (partition by user_id), 0) as taken from judged
),
hold as (
  insert into reservations
    (user_id, id, reference, operation, amount, created_at, expires_at, metadata, tier, model, price_version, terms)
  select user_id, id, reference, operation, amount, created_at, expires_at, metadata, tier, model, price_version, terms
  from decided where held
),
answer as (
  insert into idempotency_keys
    (user_id, key_hash, payload_hash, status, answer, available, reserved, price_list, created_at)
  select user_id, key_hash, payload_hash, 201, seed, available - running, reserved + running, $14::integer, $1
  from decided where held and key_hash is not null
),
changed as (
  update accounts a
  set reserved = a.reserved + s.amount,
    open_count = a.open_count + s.count,
    hold_due_at = case when a.open_count = 0 then s.due_at else least(a.hold_due_at, s.due_at) end
  from (
    select user_id, sum(amount)::bigint as amount, count(*)::integer as count, min(expires_at) as due_at
    from decided where held group by user_id
  ) s
  where a.user_id = s.user_id
)
select ord::integer as ord,
  case when held then {status held} when slow then {status slow}
    when amount > available - taken then {status refused} else {status again} end as status,
  (available - case when held then running else taken end)::bigint as available,
  (reserved + case when held then running else taken end)::bigint as reserved
from decided
