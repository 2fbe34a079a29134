import { decodeReservationId } from '../account/reservation-id.js';
import { needsRates, type Priced, receiptOf, type Side, versionOf } from '../account/reservation-receipt.js';
import type { Receipt } from '../catalogue/price-work.js';
import type { Deps } from '../deps.js';
import type { CatalogueStore } from '../ports/catalogue-store.js';

/** The receipt of what a reservation has kept, by its own version, whatever the prices are now. */
export async function receiptIn(
  catalogue: Pick<CatalogueStore, 'priceVersion'>,
  priced: Priced,
  side: Side,
): Promise<Receipt> {
  if (!needsRates(priced, side)) return receiptOf(priced, side, null);
  return receiptOf(priced, side, await catalogue.priceVersion(priced.operation, versionOf(priced)));
}

/** Answers are stored without their receipts, which their reservations have: this is how a replay comes by it. */
export async function keptReceipt(
  { ledger, catalogue }: Pick<Deps, 'ledger' | 'catalogue'>,
  reservationId: string,
  side: Side,
): Promise<Receipt> {
  const target = decodeReservationId(reservationId);
  const priced = target && (await ledger.priced(target.userId, target.id));
  if (!priced) throw new Error(`an answer is stored for ${reservationId}, which is not there`);
  return receiptIn(catalogue, priced, side);
}
