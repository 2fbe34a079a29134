import type { Grant } from '../../../domain/account/account.js';
import { plainArray } from '../driver/array-literal.js';
import type { Queryable } from '../driver/database.js';
import { grants } from '../schema/schema.js';
import { date, grantRow } from './account-rows.js';
import type { LoadedAccount } from './load-account.js';

const UPDATE = `update grants g
  set remaining = n.remaining, ended = n.ended, ends_at = n.ends_at, revoked = n.revoked, amount = n.amount,
    to_revoke = n.to_revoke
  from unnest($2::integer[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::boolean[], $7::bigint[],
    $8::bigint[])
    as n(id, remaining, ended, ends_at, revoked, amount, to_revoke)
  where g.user_id = $1 and g.id = n.id`;

/** A statement may have 65,535 parameters; these rows have up to 17. */
const ROWS_A_STATEMENT = 1_000;

/** For inserts with a parameter for each column of each row. */
export function* pagesOf<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT)
    yield rows.slice(from, from + ROWS_A_STATEMENT);
}

/** Those that changed in one statement, and the new ones. */
export async function saveGrants(
  tx: Queryable,
  userId: number,
  { account, grantsBefore }: LoadedAccount,
): Promise<void> {
  const changed = account.grants.filter((grant) => {
    const before = grantsBefore.get(grant.id);
    return before !== undefined && hasChanged(before, grant);
  });
  if (changed.length > 0) {
    const column = (pick: (grant: Grant) => string | number | null) => plainArray(changed.map(pick));
    await tx.query(UPDATE, [
      userId,
      column((g) => g.id),
      column((g) => g.remaining),
      column((g) => g.ended),
      column((g) => date(g.endsAt)?.toISOString() ?? null),
      column((g) => String(g.revoked)),
      column((g) => g.amount),
      column((g) => g.toRevoke),
    ]);
  }
  const added = account.grants.filter((grant) => !grantsBefore.has(grant.id)).sort((a, b) => a.id - b.id);
  for (const page of pagesOf(added))
    await tx.drizzle.insert(grants).values(page.map((grant) => grantRow(userId, grant)));
}

/** In what a grant's row may ever change. */
const hasChanged = (before: typeof grants.$inferSelect, { endsAt, ...grant }: Grant): boolean =>
  before.remaining !== grant.remaining ||
  before.ended !== grant.ended ||
  before.revoked !== grant.revoked ||
  before.toRevoke !== grant.toRevoke ||
  before.amount !== grant.amount ||
  (before.endsAt?.getTime() ?? null) !== endsAt;
