import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import { LATEST_MS } from '../plan/months.js';
import { SALES_DIMENSIONS, type Sales, type SalesDimension, type SalesRow } from '../ports/sales.js';
import { accept, type Result, refuse } from '../refusal.js';

export interface SalesQuery extends PageRequest {
  /** ms since the epoch; absent: from the first payment, up to the last. */
  from: number | undefined;
  to: number | undefined;
  /** Up to two dimensions with a comma. */
  by: string | undefined;
}

const cursors = cursorOf<number>('sales', String, (text) => (/^\d{1,9}$/.test(text) ? Number(text) : null));

/** What was sold, never summed over currencies: each row is of one. Refusals: invalid. */
export async function sumPayments(
  sales: Sales,
  { from = 0, to = LATEST_MS, by: text, limit, cursor: token }: SalesQuery,
): Promise<Result<Page<SalesRow>>> {
  const by = (text?.split(',') ?? []) as SalesDimension[];
  const errors = faultsOf(from, to, by);
  if (errors.length > 0) return refuse({ kind: 'invalid', errors });
  const cursor = cursors.of(from, to, ...by);
  const after = keyAfter(cursor, token);
  if (!after.ok) return after;
  const skip = after.value ?? 0;
  const found = await sales.sum({ from, to, by, limit: limit + 1, skip });
  return accept(pageOf(found, limit, () => cursor.encode(skip + limit)));
}

function faultsOf(from: number, to: number, by: SalesDimension[]) {
  const isKnown = by.every((dimension) => SALES_DIMENSIONS.includes(dimension));
  const faults = [];
  if (!isKnown || by.length > 2 || new Set(by).size < by.length) {
    const names = SALES_DIMENSIONS.join(', ');
    faults.push({ field: 'by', message: `must be one or two different ones of ${names}, with a comma` });
  }
  if (from > to) faults.push({ field: 'to', message: 'must not lie before from' });
  return faults;
}
