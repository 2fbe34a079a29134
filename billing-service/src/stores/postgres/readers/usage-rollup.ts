import type { LedgerReader } from '../../../domain/ports/ledger-reader.js';
import type { Database } from '../driver/database.js';
import { ledgerReader } from './ledger-mark.js';
import { addedTo, NAMES, OF_ALL, SUMS } from './measures.js';

export const USAGE_READER = 'usage';

const PAGE = 'from entries e where e.id > $1 and e.id <= $2';
const UNITS = `cross join (values ('hour'), ('day'), ('month')) u(unit)`;

/** A page's entries are read once, and its hours put together to what is wider. */
const BY_TIME = `with line as materialized (
  select date_trunc('hour', e.created_at, 'UTC') as at, coalesce(e.tier, 0) as tier,
    coalesce(e.operation, '') as operation, coalesce(e.model, 0) as model, ${OF_ALL},
    min(e.id) as first_id, max(e.id) as last_id ${PAGE} group by 1, 2, 3, 4
), of_kinds as (
  insert into usage_sums (unit, starts_at, tier, operation, model, ${NAMES}, first_id, last_id)
  select u.unit, date_trunc(u.unit, at, 'UTC'), tier, operation, model, ${SUMS}, min(first_id), max(last_id)
  from line ${UNITS} group by 1, 2, 3, 4, 5
  on conflict (unit, starts_at, tier, operation, model) do update set ${addedTo('usage_sums')},
    first_id = least(usage_sums.first_id, excluded.first_id), last_id = greatest(usage_sums.last_id, excluded.last_id)
)
insert into usage_totals (unit, starts_at, ${NAMES})
select u.unit, date_trunc(u.unit, at, 'UTC'), ${SUMS} from line ${UNITS} group by 1, 2
on conflict (unit, starts_at) do update set ${addedTo('usage_totals')}`;

const BY_USER = `with line as materialized (
  select date_trunc('month', e.created_at, 'UTC') as month, e.user_id, ${OF_ALL} ${PAGE} group by 1, 2
), of_months as (
  insert into usage_users (month, user_id, ${NAMES}) select month, user_id, ${NAMES} from line
  on conflict (month, user_id) do update set ${addedTo('usage_users')}
)
insert into usage_user_years (year, user_id, ${NAMES})
select date_trunc('year', month, 'UTC'), user_id, ${SUMS} from line group by 1, 2
on conflict (user_id, year) do update set ${addedTo('usage_user_years')}`;

/** Adds entries to the sums of each kind and of all, by hour, day and month, and of users, by month and year. */
export const usageRollup = (database: Database): LedgerReader =>
  ledgerReader(database, { reader: USAGE_READER, tables: ['entries'] }, async (tx, { after, through }) => {
    await tx.query(BY_TIME, [after, through]);
    await tx.query(BY_USER, [after, through]);
  });
