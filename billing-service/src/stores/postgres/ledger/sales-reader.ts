import { IMPORT_PROVIDER } from '../../../domain/moving/promised-user.js';
import type { Sales, SalesDimension, SalesRequest, SalesRow } from '../../../domain/ports/sales.js';
import type { Database } from '../driver/database.js';

/** How payments are put together; in the answer each group has this name. Days and months are UTC's. */
const KEYS: Record<SalesDimension, string> = {
  day: `to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD')`,
  month: `to_char(p.created_at at time zone 'UTC', 'YYYY-MM')`,
  provider: 'p.provider',
  currency: 'p.currency',
  // With its kind, for a tier and a pack may have the same id.
  product: `coalesce('tier:' || (p.product ->> 'tier'), 'pack:' || (p.product ->> 'pack'), 'tokens')`,
};
const TIMES: readonly string[] = ['day', 'month'];

/**
 * Tokens are summed from the grants, since a tier's months come one by one. What was returned of a payment's tokens was
 * given before, and is not given twice.
 */
const SUMS = `count(*) as payments, sum(p.amount)::bigint as amount,
  sum(case when p.refunded_at is null then p.refunded_amount else p.amount end)::bigint as refunded,
  coalesce(sum(g.given), 0)::bigint as tokens, count(distinct p.user_id) as payers`;
/** The paid time of a user who came from elsewhere: nothing was sold. */
const BROUGHT = `(p.provider = '${IMPORT_PROVIDER}' and p.amount = 0)`;
const GIVEN = `left join (
  select user_id, payment_provider, payment_id, sum(amount) as given from grants
  where payment_id is not null and source <> 'refund' and user_id in (
    select user_id from payments where created_at >= $1 and created_at < $2)
  group by user_id, payment_provider, payment_id
) g on g.user_id = p.user_id and g.payment_provider = p.provider and g.payment_id = p.payment_id`;

export class PostgresSales implements Sales {
  readonly #database: Pick<Database, 'reading'>;

  constructor(database: Pick<Database, 'reading'>) {
    this.#database = database;
  }

  sum({ from, to, by, limit, skip }: SalesRequest): Promise<SalesRow[]> {
    const names: SalesDimension[] = by.includes('currency') ? [...by] : [...by, 'currency'];
    const times = names.filter((name) => TIMES.includes(name));
    const order = [...times, 'currency', 'amount desc', ...names].map((name) =>
      name === 'amount desc' ? name : `"${name}"`,
    );
    const text = `select ${names.map((name) => `${KEYS[name]} as "${name}"`).join(', ')}, ${SUMS}
      from payments p ${GIVEN}
      where p.created_at >= $1 and p.created_at < $2 and not ${BROUGHT}
      group by ${names.map((name) => KEYS[name]).join(', ')}
      order by ${order.join(', ')} limit $3 offset $4`;
    const values = [new Date(from), new Date(to), limit, skip];
    return this.#database.reading((tx) => tx.query<SalesRow>(text, values));
  }
}
