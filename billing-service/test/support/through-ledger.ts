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
    const changed = change(own);
    return new Proxy(own, {
      get: (_, name) => {
        if (name in changed) return Reflect.get(changed, name);
        const member: unknown = Reflect.get(own, name);
        // On the ledger itself, which has private members.
        return typeof member === 'function' ? member.bind(own) : member;
      },
    });
  };
  try {
    return await run();
  } finally {
    ledger.askedBy = askedBy;
  }
}
