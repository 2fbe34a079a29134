import { BY_AMOUNT, type Terms, termsIn, versionOf } from '../account/reservation-receipt.js';
import { priceWork, type Units } from '../catalogue/price-work.js';
import type { Deps } from '../deps.js';
import { accept, type Refusal, type Result, refuse } from '../refusal.js';
import { besideAmount } from './price-hold.js';

interface Asked {
  reservationId: string;
  amount?: number | undefined;
  quantity?: number | undefined;
  units?: Units | undefined;
}

export interface PricedCommit {
  /** Null: the whole hold. */
  asked: number | null;
  /** How it came to that; null: as the hold. */
  terms: string | null;
}

/**
 * What a commit asks for. Units and quantities are priced by the reservation's own version and model, which never
 * change, so that they may be read before anything is locked. Refusals: unknown_reservation, invalid.
 */
export async function priceCommit(
  { ledger, catalogue }: Pick<Deps, 'ledger' | 'catalogue'>,
  { userId, id }: { userId: number; id: string },
  { reservationId, amount, quantity, units }: Asked,
): Promise<Result<PricedCommit>> {
  if (amount !== undefined) {
    const beside = units !== undefined ? 'units' : quantity !== undefined ? 'quantity' : undefined;
    return beside ? refuse(besideAmount(beside)) : accept({ asked: amount, terms: BY_AMOUNT });
  }
  if (quantity === undefined && units === undefined) return accept({ asked: null, terms: null });
  const held = await ledger.priced(userId, id);
  if (!held) return refuse({ kind: 'unknown_reservation', reservationId });
  if (held.priceVersion === null) return refuse(withoutVersion(units === undefined ? 'quantity' : 'units'));
  const version = await catalogue.priceVersion(held.operation, versionOf(held));
  const terms = termsIn(held.terms);
  const priced = priceWork(version, {
    quantity: quantity ?? terms.quantity ?? 1,
    units: units ?? terms.units ?? null,
    model: terms.model ?? null,
  });
  if (!priced.ok) return priced;
  return accept({ asked: priced.value.total, terms: JSON.stringify(own(quantity, units)) });
}

/** What it says itself; the rest is the hold's. */
const own = (quantity: number | undefined, units: Units | undefined): Terms => ({
  ...(quantity === undefined ? {} : { quantity }),
  ...(units === undefined ? {} : { units }),
});

/** What it was multiplied with is not known. */
const withoutVersion = (field: string): Refusal => {
  const message = 'cannot price a hold that was made before prices had versions: send amount';
  return { kind: 'invalid', errors: [{ field, message }] };
};
