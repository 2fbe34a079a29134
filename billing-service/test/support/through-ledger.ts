import type { Ledger } from '../../src/domain/ports/ledger.js';
import type { Services } from '../../src/http/services.js';

/**
 * While `run` runs, the members of `change` stand in for the ledger's own. Every request asks a ledger of its own
 * (`askedBy`), so this is where they are put in.
 */
export async function throughLedger<T>(
  { ledger }: Services,
  change: (own: Ledger) => Partial<Ledger>,
  run: () => Promise<T>,
): Promise<T> {
  const { askedBy } = ledger;
  ledger.askedBy = (caller) => {
    const own = askedBy.call(ledger, caller);
    return Object.assign(Object.create(own) as Ledger, change(own));
  };
  try {
    return await run();
  } finally {
    ledger.askedBy = askedBy;
  }
}
