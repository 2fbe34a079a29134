/** An account whose row does not equal its ledger; what was found against what was expected. */
export interface Mismatch {
  userId: number;
  /** Which sum does not agree. */
  figure: string;
  expected: number;
  actual: number;
}

export interface Audit {
  accounts: number;
  entries: number;
  mismatches: Mismatch[];
}
