import type { IdempotencyKey } from '../../../domain/ports/ledger.js';
import type { CodeState, PromoCode } from '../../../domain/promo/promo-code.js';
import type { Queryable } from '../driver/database.js';

export interface CodeRow {
  id: number;
  code: string;
  used: number;
  deletedAt: Date | null;
  amount: number;
  expiresAt: Date | null;
  uses: number;
  usesPerUser: number;
  grantSeconds: number | null;
  reason: string;
  prefix: string;
  createdAt: Date;
}

export const CODES = `select c.id, c.code, c.used, c.deleted_at as "deletedAt", b.amount, b.expires_at as "expiresAt", b.uses,
  b.uses_per_user as "usesPerUser", b.grant_seconds as "grantSeconds", b.reason, b.prefix,
  b.created_at as "createdAt"
  from promo_codes c join promo_batches b on b.id = c.batch_id`;

export const codeOf = ({ deletedAt: _, expiresAt, createdAt, ...row }: CodeRow): PromoCode => ({
  ...row,
  expiresAt: expiresAt?.getTime() ?? null,
  createdAt: createdAt.getTime(),
});

const STATE = `select s.*, r.*
  from (${CODES} where c.code = $1) s cross join lateral (
    select count(*)::integer as "usedByUser", (array_agg(answer order by id))[1] as "firstAnswer"
    from promo_redemptions where user_id = $2 and code = $1
  ) r`;

export async function findCode(
  tx: Pick<Queryable, 'query'>,
  code: string,
  userId: number,
): Promise<CodeState | null> {
  const [row] = await tx.query<CodeRow & Pick<CodeState, 'usedByUser' | 'firstAnswer'>>(STATE, [
    code,
    userId,
  ]);
  if (!row) return null;
  const { usedByUser, firstAnswer, ...found } = row;
  return { code: codeOf(found), isDeleted: found.deletedAt !== null, usedByUser, firstAnswer };
}

/** Whoever comes while another transaction holds the row waits for it, and sees what it left. */
export async function takeUse(tx: Pick<Queryable, 'query'>, code: string): Promise<boolean> {
  const taken = await tx.query(
    `update promo_codes c set used = used + 1 from promo_batches b
     where c.code = $1 and b.id = c.batch_id and c.deleted_at is null and c.used < b.uses
     returning c.id`,
    [code],
  );
  return taken.length > 0;
}

export async function insertRedemption(
  tx: Pick<Queryable, 'query'>,
  { userId, code, answer, now }: { userId: number; code: string; answer: string; now: number },
): Promise<void> {
  await tx.query(
    'insert into promo_redemptions (user_id, code, redeemed_at, answer) values ($1, $2, $3, $4)',
    [userId, code, new Date(now), answer],
  );
}

/** The codes that a key made, as they were made; null where it made none. */
export async function madeUnder(
  tx: Pick<Queryable, 'query'>,
  { keyHash }: IdempotencyKey,
): Promise<{ payloadHash: string; codes: string[] } | null> {
  const rows = await tx.query<{ payloadHash: string; code: string }>(
    `select b.payload_hash::text as "payloadHash", c.code
     from promo_batches b join promo_codes c on c.batch_id = b.id where b.key_hash = $1 order by c.id`,
    [keyHash],
  );
  const [first] = rows;
  return first ? { payloadHash: first.payloadHash, codes: rows.map(({ code }) => code) } : null;
}
