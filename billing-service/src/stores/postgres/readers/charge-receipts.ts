import {
  needsRates,
  type Priced,
  receiptOf,
  versionOf,
} from '../../../domain/account/reservation-receipt.js';
import type { Receipt } from '../../../domain/catalogue/price-work.js';
import { loadPriceVersions } from '../catalogue/catalogue-rows.js';
import type { Queryable } from '../driver/database.js';

/** An entry beside what its reservation was priced by; all null where it is no charge of one. */
export interface ChargedRow extends Omit<Priced, 'operation' | 'amount'> {
  hold: number | null;
}

type Line = ChargedRow & { id: number; operation: string | null };

const pricedOf = ({ operation, hold, asked, priceVersion, terms, commitTerms }: Line): Priced | null =>
  operation === null || hold === null
    ? null
    : { operation, amount: hold, asked, priceVersion, terms, commitTerms };

/** By the entry's id. What needs rates has them read in the reader's own transaction, all versions at once. */
export async function chargeReceipts(
  tx: Pick<Queryable, 'query'>,
  rows: readonly Line[],
): Promise<Map<number, Receipt>> {
  const charges = rows.flatMap((row) => {
    const priced = pricedOf(row);
    return priced ? [{ id: row.id, priced, isRated: needsRates(priced, 'commit') }] : [];
  });
  const wanted = new Map(
    charges
      .filter(({ isRated }) => isRated)
      .map(({ priced }) => [nameOf(priced), { operation: priced.operation, version: versionOf(priced) }]),
  );
  const found = wanted.size === 0 ? [] : await loadPriceVersions(tx, [...wanted.values()]);
  const versions = new Map(found.map((one) => [`${one.operation} ${one.version}`, one]));
  const receipts = new Map<number, Receipt>();
  for (const { id, priced, isRated } of charges) {
    const version = versions.get(nameOf(priced)) ?? null;
    // A version is never deleted; but if one were, all that comes after would still have to be told.
    if (version || !isRated) receipts.set(id, receiptOf(priced, 'commit', version));
  }
  return receipts;
}

const nameOf = (priced: Priced): string => `${priced.operation} ${versionOf(priced)}`;

export const withoutPricing = <Row extends ChargedRow>({
  hold: _,
  asked: __,
  priceVersion: ___,
  terms: ____,
  commitTerms: _____,
  ...row
}: Row): Omit<Row, keyof ChargedRow> => row;
