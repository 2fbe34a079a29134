import { and, asc, eq } from 'drizzle-orm';
import { UnknownAccountError } from '../../../domain/account/unknown-account.js';
import { inForce } from '../../../domain/catalogue/overrides.js';
import type { Block, UserDetails } from '../../../domain/users/user.js';
import type { Queryable } from '../driver/database.js';
import { orUnavailable } from '../driver/failure.js';
import { userReferences, users } from '../schema/schema.js';

export async function userDetails({ drizzle }: Queryable, userId: number, now: number): Promise<UserDetails> {
  const rows = await orUnavailable(
    drizzle
      .select({ user: users, reference: userReferences.reference })
      .from(users)
      .innerJoin(userReferences, eq(userReferences.userId, users.id))
      .where(eq(users.id, userId))
      .orderBy(asc(userReferences.createdAt), asc(userReferences.reference)),
  );
  const user = rows[0]?.user;
  if (!user) throw new UnknownAccountError(userId);
  return {
    references: rows.map((row) => row.reference),
    username: user.username,
    firstName: user.firstName,
    locale: user.locale,
    tier: user.tier,
    channelSubscribedAt: user.channelSubscribedAt?.getTime() ?? null,
    blocked: blockOf(user),
    overrides: inForce(user.overrides, now),
    createdAt: user.createdAt.getTime(),
  };
}

export const blockOf = (row: { blockedAt: Date | null; blockReason: string | null }): Block | null =>
  row.blockedAt && { reason: row.blockReason ?? '', at: row.blockedAt.getTime() };

export async function setBlock({ drizzle }: Queryable, userId: number, block: Block | null): Promise<void> {
  const columns = { blockedAt: block && new Date(block.at), blockReason: block?.reason ?? null };
  await drizzle.update(users).set(columns).where(eq(users.id, userId));
}

/** False where another user has the reference. */
export async function addReference(
  { drizzle }: Queryable,
  userId: number,
  reference: string,
  now: number,
): Promise<boolean> {
  const added = await orUnavailable(
    drizzle
      .insert(userReferences)
      .values({ reference, userId, createdAt: new Date(now) })
      .onConflictDoNothing()
      .returning({ userId: userReferences.userId }),
  );
  if (added.length > 0) return true;
  const owned = await orUnavailable(
    drizzle
      .select({ userId: userReferences.userId })
      .from(userReferences)
      .where(eq(userReferences.reference, reference)),
  );
  return owned[0]?.userId === userId;
}

export async function removeReference(
  { drizzle }: Queryable,
  userId: number,
  reference: string,
): Promise<void> {
  await orUnavailable(
    drizzle
      .delete(userReferences)
      .where(and(eq(userReferences.reference, reference), eq(userReferences.userId, userId))),
  );
}
