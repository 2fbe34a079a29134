import { eq } from 'drizzle-orm';
import { type Account, balanceOf, tokensIn } from '../../../domain/account/account.js';
import { firstHoldEnd, nextDueOf } from '../../../domain/account/bring-up-to-date.js';
import { frontOf } from '../../../domain/account/burn.js';
import { holdsRevoked } from '../../../domain/account/square-up.js';
import type { Happening } from '../../../domain/events/event.js';
import { lapsing } from '../../../domain/events/tell-lapse.js';
import type { Queryable } from '../driver/database.js';
import { insertHappenings } from '../events/happening-rows.js';
import { accounts, entries, users } from '../schema/schema.js';
import { date, planRow } from './account-rows.js';
import { countedAs } from './counted-as.js';
import type { LoadedAccount } from './load-account.js';
import { pagesOf, saveGrants } from './save-grants.js';
import { NEVER_HOT_MS } from './statement-text.js';

/** What this call tells of besides its entries. */
export type Told = Pick<Happening, 'type' | 'data'>;

/** Writes what changed; true where the plan did. */
export async function saveAccount(
  tx: Queryable,
  userId: number,
  loaded: LoadedAccount,
  { now, told }: { now: number; told: readonly Told[] },
): Promise<boolean> {
  const { account } = loaded;
  // First, for the account's next due moment is never later than the tier's (drizzle/0002_paid_time.sql).
  const planChanged = await savePlan(tx, userId, loaded);
  await saveOverrides(tx, userId, loaded);
  await tx.drizzle.update(accounts).set(accountRow(account)).where(eq(accounts.userId, userId));
  await saveGrants(tx, userId, loaded);
  await saveLapsed(tx, userId, loaded, now);
  // Before the entries: a payment is told before what it granted.
  const happened = [...turnsOf(loaded), ...told];
  const said = { userId, at: now, balance: balanceOf(account) };
  await insertHappenings(
    tx,
    happened.map((one) => ({ ...said, ...one })),
  );
  await insertEntries(tx, [{ userId, account }]);
  return planChanged;
}

/** Of one account in their order. */
export async function insertEntries(
  { drizzle }: Pick<Queryable, 'drizzle'>,
  of: readonly { userId: number; account: Account }[],
): Promise<void> {
  const rows = of.flatMap(({ userId, account }) =>
    account.entries.map((entry) => ({
      ...entry,
      ...countedAs(entry),
      userId,
      uncollected: entry.uncollected || null,
      createdAt: new Date(entry.createdAt),
    })),
  );
  for (const page of pagesOf(rows)) await drizzle.insert(entries).values(page);
}

/** The first grant with tokens in burn order goes into the row, so that most charges touch no other table. */
export function accountRow(account: Account): Omit<typeof accounts.$inferSelect, 'userId'> {
  const front = frontOf(account);
  const frontLeft = front?.remaining ?? 0;
  return {
    reserved: account.reserved,
    openCount: account.holds.length,
    frontGrantId: front?.id ?? null,
    frontLeft,
    rest: tokensIn(account) - frontLeft,
    debt: account.debt,
    spent: account.spent,
    // While no call may be hot (each could free a hold on tokens that are to be taken back), next_due_at has their ends.
    holdDueAt: date(holdsRevoked(account) ? NEVER_HOT_MS : firstHoldEnd(account)),
    nextDueAt: date(nextDueOf(account)),
  };
}

/**
 * In one statement, however many, and without their names: under the account's lock they are those that are open and
 * over, each at its own time.
 */
async function saveLapsed(
  tx: Queryable,
  userId: number,
  { account, holdsSince }: LoadedAccount,
  now: number,
): Promise<void> {
  if (account.lapsed === 0) return;
  await tx.query(
    `update reservations set status = 'expired', settled_at = expires_at
     where user_id = $1 and id >= $2 and status = 'open' and expires_at < $3`,
    [userId, holdsSince, new Date(now + 1)],
  );
}

async function savePlan(
  tx: Queryable,
  userId: number,
  { account, planBefore }: LoadedAccount,
): Promise<boolean> {
  const after = planRow(account.plan);
  const before = Object.fromEntries(
    Object.keys(after).map((key) => [key, planBefore[key as keyof typeof after]]),
  );
  if (same(before, after)) return false;
  await tx.drizzle.update(users).set(after).where(eq(users.id, userId));
  return true;
}

/** How the tier changed, by the call or by itself; and the start of grace, when it will. */
function turnsOf({ account: { plan }, planBefore }: LoadedAccount): Told[] {
  const { tier, graceUntil } = plan;
  const told: Told[] = [];
  if (tier !== planBefore.tier)
    told.push({ type: 'tier.changed', data: { tier, previousTier: planBefore.tier } });
  if (graceUntil !== null && planBefore.graceUntil === null) told.push(lapsing(tier, graceUntil, true));
  return told;
}

async function saveOverrides(
  tx: Queryable,
  userId: number,
  { account: { overrides }, planBefore }: LoadedAccount,
): Promise<void> {
  if (overrides === planBefore.overrides) return;
  await tx.drizzle.update(users).set({ overrides }).where(eq(users.id, userId));
}

/** Rows hold only plain values and dates, and both sides were built with the same order of keys. */
function same(a: object, b: object): boolean {
  return Object.keys(b).every(
    (key) => JSON.stringify(a[key as keyof object]) === JSON.stringify(b[key as keyof object]),
  );
}
