/** What a reservation was priced by, as it is stored, and the receipt that this makes. */
import type { PriceVersion } from '../catalogue/catalogue.js';
import { priceWork, type Receipt, type Units, type Work } from '../catalogue/price-work.js';

/** What of a reservation its receipts are made of. */
export interface Priced {
  operation: string;
  /** The hold. */
  amount: number;
  /** Null before a commit. */
  asked: number | null;
  /** Null for holds from before prices had versions. */
  priceVersion: number | null;
  /** The hold's Terms as JSON text; null: once the price, or by an amount, and no units. */
  terms: string | null;
  /** The commit's where they are not the hold's, or BY_AMOUNT. */
  commitTerms: string | null;
}

/** What a price is multiplied with, but for what is so in most cases. */
export interface Terms {
  quantity?: number;
  units?: Units;
  /** Only where the version has rates for it: then it does not matter how many models there are. */
  model?: string;
}

/** For a commit at an amount, where the hold had other terms. */
export const BY_AMOUNT = 'amount';

export type Side = 'hold' | 'commit';

export const termsIn = (text: string | null): Terms =>
  text === null || text === BY_AMOUNT ? {} : (JSON.parse(text) as Terms);

/** Null where there is nothing to keep. */
export const termsText = (terms: Terms): string | null =>
  Object.keys(terms).length === 0 ? null : JSON.stringify(terms);

/** What a commit's row keeps of its terms; hot/transition.sql does the same. */
export const commitTermsKept = (hold: string | null, commit: string | null): string | null =>
  hold === null && commit === BY_AMOUNT ? null : commit;

/** Holds of a version that knew none have their price as the first. */
export const versionOf = ({ priceVersion }: Pick<Priced, 'priceVersion'>): number => priceVersion ?? 1;

/** Only a receipt with lines needs the version's rates. */
export const needsRates = (priced: Priced, side: Side): boolean => workOf(priced, side).units !== null;

/** `version` is the reservation's own; null where it needs no rates. */
export function receiptOf(priced: Priced, side: Side, version: PriceVersion | null): Receipt {
  const { total, estimated, ...work } = workOf(priced, side);
  const { quantity } = work;
  if (work.units === null)
    return {
      ...{ priceVersion: versionOf(priced), price: total / quantity, quantity, lines: [], total, estimated },
    };
  const again = version && priceWork(version, work);
  if (!again?.ok)
    throw new Error(`version ${versionOf(priced)} of ${priced.operation} does not price its own`);
  return { ...again.value, total, estimated };
}

function workOf(priced: Priced, side: Side): Work & { total: number; estimated: boolean } {
  const { amount, asked, terms, commitTerms } = priced;
  const hold = termsIn(terms);
  const model = hold.model ?? null;
  const held = { quantity: hold.quantity ?? 1, units: hold.units ?? null, model };
  if (side === 'hold') return { ...held, total: amount, estimated: false };
  const total = asked ?? amount;
  const hadUnits = held.units !== null;
  // An instance of the version before commits at an amount without saying so.
  if (commitTerms === BY_AMOUNT || (commitTerms === null && total !== amount))
    return { quantity: 1, units: null, model, total, estimated: hadUnits };
  const { quantity = held.quantity, units } = termsIn(commitTerms);
  return { quantity, units: units ?? held.units, model, total, estimated: hadUnits && units === undefined };
}
