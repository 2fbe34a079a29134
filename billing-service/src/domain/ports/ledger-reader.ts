/** What follows the ledger behind a mark: every entry is taken exactly once, whatever dies meanwhile. */

/** The ledger as far as it was seen at one moment. */
export interface Sight {
  lastId: number;
  /** A transaction number: when all below it have ended, no entry up to `lastId` will appear any more. */
  fence: string;
}

export interface LedgerReader {
  /** Null where every entry that can be seen was taken. */
  look(): Promise<Sight | null>;
  /**
   * Takes the next entries up to the sight's last, at most `limit`, and moves the mark with them, in one transaction.
   * `early`: an older transaction may still write below; `elsewhere`: another instance is at it.
   */
  take(sight: Sight, limit: number): Promise<'more' | 'all' | 'early' | 'elsewhere'>;
}
