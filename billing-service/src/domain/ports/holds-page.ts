/** What some accounts have on hold. */
export interface OpenHolds {
  holds: number;
  tokens: number;
  /** When the first of the holds that are over, and were not ended yet, was over. */
  overdueSince: number | null;
}

/** A page of a walk over all accounts; see `overdueHolds`. */
export interface HoldsPage {
  lastUserId: number | null;
  userIds: number[];
  open: OpenHolds;
}
