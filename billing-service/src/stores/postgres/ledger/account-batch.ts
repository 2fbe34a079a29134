import { MAX_SHOWN_GRANTS } from '../../../domain/account/balance.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type { AccountView } from '../../../domain/ports/ledger.js';
import { plainArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { type PlanRow, planOf } from './account-rows.js';
import { Batch, type BatchWatch } from './batch.js';
import { statementText } from './statement-text.js';

const STATEMENT = statementText('accounts');
const MAX_ITEMS = 512;

type Row = Omit<AccountView, 'plan' | 'moreGrants'> & PlanRow & { ord: number };

/** Balance reads that are waiting travel as hot/accounts.sql; null for a user number that nobody has. */
export function accountBatch(
  database: Database,
  clock: Clock,
  watch?: BatchWatch,
): Batch<number, AccountView | null> {
  return new Batch({
    name: 'account',
    ...watch,
    maxItems: MAX_ITEMS,
    conflictsOf: () => [],
    work: 'beginning',
    send: async (userIds) => {
      const now = new Date(clock.now()).toISOString();
      const rows = await database.hot<Row>('farebox_accounts', STATEMENT, [
        now,
        plainArray(userIds),
        MAX_SHOWN_GRANTS + 1,
      ]);
      const views: (AccountView | null)[] = userIds.map(() => null);
      for (const { ord, available, reserved, total, spent, debt, grants, due, ...plan } of rows) {
        views[ord - 1] = {
          ...{ available, reserved, total, spent, debt, due, plan: planOf(plan) },
          ...{ grants: grants.slice(0, MAX_SHOWN_GRANTS), moreGrants: grants.length > MAX_SHOWN_GRANTS },
        };
      }
      return views;
    },
  });
}
