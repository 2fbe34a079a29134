import { and, eq } from 'drizzle-orm';
import type { IdempotencyKey, StoredAnswer } from '../../../domain/ports/ledger.js';
import type { Queryable } from '../driver/database.js';
import { idempotencyKeys } from '../schema/schema.js';

export async function findAnswer(
  tx: Queryable,
  userId: number,
  keyHash: string,
): Promise<StoredAnswer | null> {
  const [row] = await tx.drizzle
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.keyHash, keyHash)));
  if (!row) return null;
  const { available, reserved } = row;
  const balance =
    available === null || reserved === null ? null : { available, reserved, total: available + reserved };
  return { payloadHash: row.payloadHash, answer: row.answer, balance, priceList: row.priceList };
}

export async function insertAnswer(
  tx: Queryable,
  row: {
    userId: number;
    key: IdempotencyKey;
    status: number;
    stored: Omit<StoredAnswer, 'payloadHash'>;
    now: number;
  },
): Promise<void> {
  await tx.drizzle.insert(idempotencyKeys).values({
    userId: row.userId,
    keyHash: row.key.keyHash,
    payloadHash: row.key.payloadHash,
    status: row.status,
    answer: row.stored.answer,
    available: row.stored.balance?.available ?? null,
    reserved: row.stored.balance?.reserved ?? null,
    priceList: row.stored.priceList,
    createdAt: new Date(row.now),
  });
}
