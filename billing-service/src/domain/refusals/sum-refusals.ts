import type { RefusalFilter, RefusalStore, RefusalSum } from '../ports/refusal-store.js';
import { accept, type Result, refuse } from '../refusal.js';

/** By code, the most first; a code that nobody met has no row. Refusals: invalid. */
export async function sumRefusals(
  refusals: Pick<RefusalStore, 'sums'>,
  { from, to }: Pick<RefusalFilter, 'from' | 'to'>,
): Promise<Result<RefusalSum[]>> {
  if (from !== undefined && to !== undefined && from > to) {
    return refuse({ kind: 'invalid', errors: [{ field: 'to', message: 'must not lie before from' }] });
  }
  return accept(await refusals.sums({ from, to }));
}
