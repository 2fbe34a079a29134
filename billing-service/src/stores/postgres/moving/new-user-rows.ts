import { IMPORT_PROVIDER } from '../../../domain/moving/promised-user.js';
import type { Named, NewUser } from '../../../domain/ports/user-imports.js';
import type { Queryable } from '../driver/database.js';
import { happeningRow } from '../events/happening-rows.js';
import { grantRow, planRow } from '../ledger/account-rows.js';
import { insertPayments } from '../ledger/payment-rows.js';
import { accountRow, insertEntries } from '../ledger/save-account.js';
import { pagesOf } from '../ledger/save-grants.js';
import { accounts, carried, grants, happenings, users } from '../schema/schema.js';

export type Numbered = NewUser & Named & { userId: number };

/** Numbers of users whose payment's id nobody has used: a caller may have called a provider of its own so. */
const DRAW = `with drawn as materialized (select nextval('users_id_seq') as id from generate_series(1, $1::integer))
  select id from drawn where not exists (
    select from payments p where p.provider = '${IMPORT_PROVIDER}' and p.payment_id = drawn.id::text)`;

export async function drawNumbers(tx: Queryable, count: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) {
    const rows = await tx.query<{ id: number }>(DRAW, [count - numbers.length]);
    numbers.push(...rows.map(({ id }) => id));
  }
  return numbers;
}

/** All that they have; their names they have already. */
export async function insertUsers(tx: Queryable, made: readonly Numbered[]): Promise<void> {
  const { drizzle } = tx;
  await drizzle.insert(users).values(
    made.map(({ userId, username, firstName, locale, createdAt, account }) => ({
      ...{ id: userId, username, firstName, locale, createdAt: new Date(createdAt) },
      ...planRow(account.plan),
    })),
  );
  await drizzle
    .insert(accounts)
    .values(made.map(({ userId, account }) => ({ userId, ...accountRow(account) })));
  const given = made.flatMap(({ userId, account }) => account.grants.map((grant) => grantRow(userId, grant)));
  for (const page of pagesOf(given)) await drizzle.insert(grants).values(page);
  await insertPayments(
    tx,
    made.flatMap(({ payment }) => payment ?? []),
  );
  const spent = made.flatMap(({ userId, account }) =>
    account.spent > 0 ? [{ userId, spent: account.spent }] : [],
  );
  if (spent.length > 0) await drizzle.insert(carried).values(spent);
  // In one statement: they are of different users, and have no order among themselves.
  const told = made.map(({ userId, madeAt: at }) => ({
    type: 'user.created' as const,
    userId,
    at,
    data: {},
  }));
  await drizzle.insert(happenings).values(told.map(happeningRow));
  await insertEntries(tx, made);
}
