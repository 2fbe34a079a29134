export const ENTRY_KINDS = [
  'grant',
  'charge',
  'refund',
  'expiry',
  'revoke',
  'adjustment',
  'transfer',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One immutable line of the ledger, as it is listed. Times in ms since the epoch. */
export interface Entry {
  id: number;
  kind: EntryKind;
  /** Signed. */
  amount: number;
  /** The account's total after it. */
  balanceAfter: number;
  source: string | null;
  operation: string | null;
  /** A UUID in the store; callers see it with the user's number in it. */
  reservationId: string | null;
  metadata: object | null;
  createdAt: number;
}
