/** The words that rows of the ledger still have about users who were erased. */
export interface Erasures {
  /**
   * Empties them, page by page, of all who were erased until now; false where `untilMs` (of the process's own clock) came
   * before the end: what is left is done by the next call, whoever makes it.
   */
  clean(untilMs: number): Promise<boolean>;
}
