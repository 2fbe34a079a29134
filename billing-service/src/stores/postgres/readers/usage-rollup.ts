import type { LedgerReader } from '../../../domain/ports/ledger-reader.js';
import type { Database } from '../driver/database.js';
import { ledgerReader } from './ledger-mark.js';
import { addedTo, NAMES, OF_ALL } from './measures.js';

export const USAGE_READER = 'usage';

const PAGE = 'from entries e where e.id > $1 and e.id <= $2';

const BY_TIME = `insert into usage_sums (unit, starts_at, tier, operation, model, ${NAMES}, first_id, last_id)
select u.unit, date_trunc(u.unit, e.created_at, 'UTC'), coalesce(e.tier, 0), coalesce(e.operation, ''),
  coalesce(e.model, 0), ${OF_ALL}, min(e.id), max(e.id)
from entries e cross join (values ('hour'), ('day')) u(unit) where e.id > $1 and e.id <= $2 group by 1, 2, 3, 4, 5
on conflict (unit, starts_at, tier, operation, model) do update set ${addedTo('usage_sums')},
  first_id = least(usage_sums.first_id, excluded.first_id), last_id = greatest(usage_sums.last_id, excluded.last_id)`;

const BY_USER = `insert into usage_users (month, user_id, ${NAMES})
select date_trunc('month', e.created_at, 'UTC'), e.user_id, ${OF_ALL} ${PAGE} group by 1, 2
on conflict (month, user_id) do update set ${addedTo('usage_users')}`;

/** Adds entries to the sums by hour, by day, and by month and user. */
export const usageRollup = (database: Database): LedgerReader =>
  ledgerReader(database, { reader: USAGE_READER, tables: ['entries'] }, async (tx, { after, through }) => {
    await tx.query(BY_TIME, [after, through]);
    await tx.query(BY_USER, [after, through]);
  });
