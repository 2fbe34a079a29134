/**
 * Brings an account up to now where something of it is due (an end of a hold, a grant or a period), so that what is
 * read next does not depend on whether a sweeper ran. Costs one read where nothing is due.
 */
export type SettleIfDue = (userId: number) => Promise<void>;
