/** Two accounts in one transaction: both rows locked, in the order of their numbers, as every statement does it. */
import { inArray } from 'drizzle-orm';
import { totalOf } from '../../../domain/account/account.js';
import { assertAccount } from '../../../domain/account/assert-account.js';
import { bringUpToDate } from '../../../domain/account/bring-up-to-date.js';
import { finishChange } from '../../../domain/account/change-account.js';
import { tookEffect } from '../../../domain/account/idempotency.js';
import { pictureOf } from '../../../domain/account/picture.js';
import { UnknownAccountError } from '../../../domain/account/unknown-account.js';
import type { LedgerCaller, PairCall, PairTransaction } from '../../../domain/ports/ledger.js';
import { insertAuditLine } from '../audit-log/audit-rows.js';
import type { Queryable } from '../driver/database.js';
import { accounts } from '../schema/schema.js';
import { moveRows } from '../users/former-user-rows.js';
import { userDetails } from '../users/user-rows.js';
import { type Changed, type Said, transactionOver } from './account-store.js';
import { type AccountContext, type LoadedAccount, loadAccount } from './load-account.js';
import { saveAccount } from './save-account.js';

/** All that has tokens is moved, so all of it is read. */
const ALL_GRANTS = 1_000_000_000;

export async function withLockedPair<T>(
  tx: Queryable,
  call: PairCall & Pick<Partial<LedgerCaller>, 'author' | 'rehearsal'>,
  context: AccountContext,
  act: (transaction: PairTransaction) => Promise<T> | T,
): Promise<Changed<T>> {
  const { now } = context;
  const [into, from] = await loadPair(tx, call, context);
  const totals = { into: totalOf(into.account), from: totalOf(from.account) };
  for (const { account } of [into, from]) bringUpToDate(account, now);
  const said: Said = { change: {}, told: [] };
  const before = { into: pictureOf(into.account), from: pictureOf(from.account) };
  const value = await act({
    ...transactionOver(tx, call.userId, context, null, said),
    ...{ into: into.account, from: from.account },
    formerDetails: () => userDetails(tx, call.from, now),
    move: async (offsets) => {
      await moveRows(tx, call, offsets, now);
      for (const [id, row] of from.grantsBefore) into.grantsBefore.set(id + offsets.grantOffset, row);
      from.grantsBefore.clear();
    },
  });
  for (const { account } of [into, from]) finishChange(account, now);
  assertAccount(into.account, totals.into);
  assertAccount(from.account, totals.from);
  await saveAccount(tx, call.from, from, { now, told: [] });
  await saveAccount(tx, call.userId, into, { now, told: said.told });
  const after = pictureOf(into.account);
  if (call.rehearsal) Object.assign(call.rehearsal, { before: before.into, after });
  if (call.author && said.change && tookEffect(value)) {
    const whole = { target: null, reason: null, before, after: { into: after }, ...said.change };
    await insertAuditLine(tx, call.author, { userId: call.userId, ...whole });
  }
  return { value, planChanged: true, holdsLapsed: into.account.lapsed, periodsTurned: into.account.turned };
}

async function loadPair(
  tx: Queryable,
  { userId, from }: PairCall,
  context: AccountContext,
): Promise<[LoadedAccount, LoadedAccount]> {
  const rows = await tx.drizzle
    .select()
    .from(accounts)
    .where(inArray(accounts.userId, [userId, from]))
    .orderBy(accounts.userId)
    .for('update');
  const load = (number: number) => {
    const row = rows.find((one) => one.userId === number);
    if (!row) throw new UnknownAccountError(number);
    return loadAccount(tx, row, { userId: number }, null, { ...context, grantsRead: ALL_GRANTS });
  };
  return [await load(userId), await load(from)];
}
