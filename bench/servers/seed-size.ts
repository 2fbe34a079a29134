/** Users with tokens, and their history, made in SQL so that the ledger adds up as if the service had written it. */

export interface Size {
  /** Part of a database's name. */
  name: string;
  users: number;
  /** Lines in the ledger for each user, besides the one that gave the tokens. */
  entriesPerUser: number;
}

export interface Runs {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** Enough for any run, however hot a user is. */
export const TOKENS_PER_USER = 1_000_000_000;
/** Far above what a run sends for one user in a minute: a refusal would be cheaper than what is measured. */
export const LIMIT_PER_MINUTE = 1_000_000;
const PRICE = 5;

/**
 * Users `bench:1` … on gift who never joined the channel, so that nothing is due during a run. Their numbers are the
 * same everywhere, except in an embedded database, where the demo user came first.
 */
const USERS = `with before as (
  select coalesce(max(id), 0) as last from users
), made as (
  insert into users (id, tier, created_at)
  select last + n, 'gift', now() from before, generate_series(1, $1::bigint) n returning id
), named as (
  insert into user_references (reference, user_id, created_at) select 'bench:' || id - last, id, now() from made, before
), given as (
  insert into grants (user_id, id, source, amount, remaining, reason, created_at)
  select id, 1, 'topup', $2::bigint, $2::bigint, 'benchmark', now() from made
), noted as (
  insert into entries (user_id, kind, amount, balance_after, source, created_at)
  select id, 'grant', $2::bigint, $2::bigint, 'topup', now() - interval '100 days' from made
)
insert into accounts (user_id, front_grant_id, front_left, spent)
select id, 1, $2::bigint - $3::bigint, $3::bigint from made`;

/** A past of charges. Written in the order of time, not of users, as a real ledger is. */
const ENTRIES = `insert into entries
  (user_id, kind, amount, balance_after, operation, reservation_id, created_at)
select n, 'charge', -$4::bigint, $3::bigint - $4::bigint * turn, 'chatgpt_message', gen_random_uuid(),
  now() - interval '99 days' + turn * interval '1 hour'
from generate_series(1, $2::int) turn cross join generate_series(1, $1::bigint) n`;

/** What is written at once has to have a partition before; a checkout from before there were any needs none. */
const ROOM = (entries: number) => `do $$ declare last bigint; begin
  if to_regproc('add_entries_partition') is null then return; end if;
  select max(substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''?(\\d+)')::bigint) into last
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'entries'::regclass;
  perform add_entries_partition(last, last + ${entries});
end $$`;

/** For that many entries that will be written faster than the service makes partitions. */
export async function makeRoom(client: Pick<Runs, 'query'>, entries: number): Promise<void> {
  await client.query(ROOM(Math.max(1, entries)));
}

export async function seedSize(client: Runs, size: Size): Promise<void> {
  const { users, entriesPerUser } = size;
  await makeRoom(client, users * (entriesPerUser + 1));
  await client.query(USERS, [users, TOKENS_PER_USER, entriesPerUser * PRICE]);
  await client.query(`select setval('users_id_seq', (select max(id) from users))`);
  if (entriesPerUser > 0) await client.query(ENTRIES, [users, entriesPerUser, TOKENS_PER_USER, PRICE]);
  const policies = JSON.stringify([{ operation: '*', limit: LIMIT_PER_MINUTE, windowSeconds: 60 }]);
  await client.query(`update tiers set policies = $1 where id = 'gift'`, [policies]);
  await client.query('vacuum (analyze)');
}

/** Open reservations of `chatgpt_message` for commits to settle. @returns user and uuid of each, in random order */
export async function seedReservations(
  client: { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> },
  users: number,
  count: number,
): Promise<{ userId: number; id: string }[]> {
  const { rows } = await client.query(RESERVATIONS, [users, count, PRICE]);
  return (rows as { user_id: string; id: string }[]).map((row) => ({
    userId: Number(row.user_id),
    id: row.id,
  }));
}

const RESERVATIONS = `with made as (
  insert into reservations (user_id, id, reference, operation, amount, created_at, expires_at)
  select n, gen_random_uuid(), 'bench:' || n, 'chatgpt_message', $3::bigint, now(), now() + interval '1 day'
  from (select 1 + floor(random() * $1::bigint)::bigint as n from generate_series(1, $2::int)) chosen
  returning user_id, id
), held as (
  update accounts a set reserved = a.reserved + s.count * $3::bigint, open_count = a.open_count + s.count,
    hold_due_at = coalesce(a.hold_due_at, now() + interval '1 day')
  from (select user_id, count(*)::int as count from made group by user_id) s where a.user_id = s.user_id
)
select user_id, id from made`;
