import type { Balance } from '../account/balance.js';
import type { UserDetails } from '../users/user.js';

export interface UserSearch {
  /** What a reference, its part after the colon, the username or the first name begins with, whatever its case. */
  search?: string | undefined;
  tier?: string | undefined;
  blocked?: boolean | undefined;
  /** The number of the last user of the page before. */
  before?: number | undefined;
  limit: number;
}

export interface UserRow extends UserDetails {
  userId: number;
  balance: Balance;
  /** Something happened to the account by itself that its rows do not show yet. */
  isDue: boolean;
}

export interface UserDirectory {
  /** Numbers of users, newest first. */
  find(wish: UserSearch): Promise<number[]>;
  /** In the order of the numbers; a user who is no more is left out. */
  rows(userIds: readonly number[], now: number): Promise<UserRow[]>;
}
