/** What an import asks of the store. */
import type { Account } from '../account/account.js';
import type { Payment } from '../payments/payment.js';
import type { Author } from './audit-log.js';

/** A user who comes from elsewhere, as all that was promised to one. */
export interface NewUser {
  username: string | null;
  firstName: string | null;
  locale: string | null;
  /** As it was told; ms since the epoch. */
  createdAt: number;
  /** When it is made here. */
  madeAt: number;
  account: Account;
  /** What the paid time is of; null without any. */
  payment: Payment | null;
}

/** `taken`: the first reference that is another user's. */
export type Brought = { status: 'imported' | 'unchanged' } | { status: 'taken'; reference: string };

/** The names of a user: `references[0]` is the one that says whether the user is known. */
export interface Named {
  references: readonly string[];
}

export interface UserImports {
  /**
   * One transaction: makes users of those that nobody knows yet, all of their names or none, whoever else makes them at
   * the same moment; nobody's name twice in `wanted`. A dry run does the same and undoes it.
   */
  bring<L extends Named>(
    wanted: readonly L[],
    make: (line: L, userId: number) => NewUser,
    options: { dryRun: boolean },
  ): Promise<Brought[]>;
  /** The line of the audit log. */
  note(author: Author, after: object): Promise<void>;
}
