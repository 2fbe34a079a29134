-- All reserves that arrived together, in one statement. A row comes back for each account that could take all of its
-- items. The other accounts are left as they were: reserve-exact.sql decides their items one by one.
-- The first five arrays are the accounts, in the order of user_id: every statement that touches accounts takes their
-- locks in that order, so there is no deadlock. With sequential scans off (planOnce) every plan of this join keeps it.
-- If another transaction is changing an account, Postgres waits for it and checks the condition again: nothing is
-- decided on old sums.
-- Times are milliseconds from $1. `after`: what later items of the same account take.
with known as materialized (
  select i.user_id
  from unnest($7::bigint[], $15::uuid[]) as i(user_id, key_hash)
  cross join lateral (
    select from idempotency_keys k where k.user_id = i.user_id and k.key_hash = i.key_hash limit 1
  ) k
  where i.key_hash is not null
),
account as (
  update accounts a
  set reserved = a.reserved + s.amount,
    open_count = a.open_count + s.count,
    hold_due_at = case when a.reserved = 0 then s.due_at else least(a.hold_due_at, s.due_at) end
  from (
    select user_id, amount, count, $1::timestamptz + due_in * interval '1 millisecond' as due_at, max_open
    from unnest($2::bigint[], $3::bigint[], $4::integer[], $5::bigint[], $6::integer[])
      as i(user_id, amount, count, due_in, max_open)
  ) s
  where a.user_id = s.user_id
    and a.reserved + s.amount <= a.front_left + a.rest - a.debt
    -- Cold: the account must be brought up to now, the cap on open reservations would be passed, or a key is known.
    and (a.next_due_at <= $1::timestamptz) is not true
    and (a.reserved = 0 or a.hold_due_at > $1::timestamptz)
    and (s.max_open is null or a.open_count + s.count <= s.max_open)
    and s.user_id not in (select user_id from known)
  returning a.user_id, a.reserved, a.front_left + a.rest - a.debt as total
),
hold as (
  insert into reservations (user_id, id, reference, operation, amount, created_at, expires_at, metadata)
  select user_id, id, reference, operation, amount,
    $1::timestamptz + created_in * interval '1 millisecond', $1::timestamptz + expires_in * interval '1 millisecond',
    metadata
  from unnest(
    $7::bigint[], $8::uuid[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[]
  ) as i(user_id, id, reference, operation, amount, created_in, expires_in, metadata)
  -- IS TRUE makes this a lookup in a hash table: a join would compare all pairs, as the planner expects few rows.
  where (i.user_id in (select user_id from account)) is true
),
answer as (
  insert into idempotency_keys
    (user_id, key_hash, payload_hash, status, answer, available, reserved, price_list, created_at)
  select user_id, key_hash, payload_hash, 201, seed, total - reserved + after, reserved - after, $19::integer, $1
  from unnest($7::bigint[], $15::uuid[], $16::uuid[], $17::text[], $18::bigint[])
    as i(user_id, key_hash, payload_hash, seed, after)
  join account using (user_id)
  where key_hash is not null
)
select user_id, total - reserved as available, reserved from account
