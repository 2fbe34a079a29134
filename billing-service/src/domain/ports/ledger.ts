/** What the domain asks of the ledger's store, hot and slow. Amounts in tokens, times in ms since the epoch. */

import type { Account, GrantSource } from '../account/account.js';
import type { Balance } from '../account/balance.js';
import type { Moved } from '../account/merge-accounts.js';
import type { Reservation } from '../account/reservation.js';
import type { Priced } from '../account/reservation-receipt.js';
import type { PriceList } from '../catalogue/catalogue.js';
import type { EventType } from '../events/event.js';
import type { PartRefund, Payment, UntilPayment } from '../payments/payment.js';
import type { PaidBy, Plan } from '../plan/plan.js';
import type { Block, UserDetails } from '../users/user.js';
import type { Audit, AuditRequest } from './audit.js';
import type { Author, Change } from './audit-log.js';
import type { HoldsPage } from './holds-page.js';
import type { HotReserve, HotTransition, IdempotencyKey, ReserveItem, TransitionItem } from './hot-calls.js';
import type { Patience } from './patience.js';
import type { Redeeming } from './redeeming.js';

export type {
  HotReserve,
  HotTransition,
  IdempotencyKey,
  ReserveItem,
  TransitionAct,
  TransitionItem,
} from './hot-calls.js';

/** The 2xx that a key stands for. `priceList` says that `balance` and affordable complete the value. */
export interface StoredAnswer {
  payloadHash: string;
  /** The answer's value as JSON text. */
  answer: string;
  balance: Balance | null;
  priceList: number | null;
}

export interface SlowCall {
  userId: number;
  /** Loads this reservation under the account's lock. */
  reservationId?: string;
  /** Loads every grant of this payment. */
  payment?: PaidBy;
}

/** One account at one instant, in one consistent read. */
export interface AccountView extends Balance {
  plan: Plan;
  spent: number;
  debt: number;
  /** The first MAX_SHOWN_GRANTS with tokens, in burn order. */
  grants: { source: GrantSource; remaining: number; expiresAt: number | null }[];
  /** There are others after them. */
  moreGrants: boolean;
  /** Something would have happened by itself: bring it up to now first. */
  due: boolean;
}

export interface LedgerCaller {
  patience: Patience;
  /** Where the call is one that the audit log keeps. */
  author?: Author | undefined;
  /** Where the call only asks what it would do. */
  rehearsal?: Rehearsal | undefined;
}

/** A change of an account that is made and undone; its caller reads here how the account was, and how it would be. */
export interface Rehearsal {
  before?: object;
  after?: object;
}

export interface Ledger {
  /**
   * The same ledger for one caller: what waits here for its turn is dropped when that caller's patience is over, and
   * what changes an account for an author leaves a line in the audit log, in the same transaction. A rehearsal's change
   * is decided, checked and undone: it leaves nothing behind, no answer under its key either.
   */
  askedBy(caller: LedgerCaller): Ledger;
  reserve(item: ReserveItem): Promise<HotReserve>;
  transition(item: TransitionItem): Promise<HotTransition>;
  /** Null for a user number that nobody has. Reads that arrive together travel as one statement. */
  accountOf(userId: number): Promise<AccountView | null>;
  findPayment(provider: string, paymentId: string): Promise<Payment | null>;
  /** What a reservation's receipts are made of; null where there is none. Reads that arrive together travel as one. */
  priced(userId: number, id: string): Promise<Priced | null>;
  /** Compares every account with its grants, holds and entries, as they are at one instant for each. */
  audit(request?: AuditRequest): Promise<Audit>;
  /**
   * Accounts whose grants or periods are due, but those of `except`: the soonest, and where there are many more than
   * `limit` some of them by chance, so that those who ask at the same time find different ones.
   */
  dueAccounts(limit: number, except: readonly number[]): Promise<number[]>;
  /**
   * Looks at the next accounts after `afterUserId` in order of number (null: after any): those among them with overdue
   * holds, and which was the last; null where there are no more.
   */
  overdueHolds(afterUserId: number | null, limit: number): Promise<HoldsPage>;
  /** When the account that is due for longest became so, or the first will; null where none ever will by itself. */
  dueSince(): Promise<number | null>;
  /** Deletes up to `limit` stored answers older than `before`; returns how many. Fewer: there are no more. */
  forgetAnswers(before: number, limit: number): Promise<number>;
  /** The stored answer of a key, or null. */
  answerOf(userId: number, keyHash: string): Promise<StoredAnswer | null>;
  /**
   * One transaction: locks the account, brings it up to now, runs `act` on the account, saves all that changed.
   * Calls of one account run in order. `act` may run again when the transaction is repeated, and holds a connection:
   * it must change nothing but the account, and read and write only through `tx`.
   */
  withAccount<T>(
    call: SlowCall,
    act: (account: Account, tx: AccountTransaction) => Promise<T> | T,
  ): Promise<T>;
  /** The same on two accounts at once; one that is not there is an UnknownAccountError. */
  withPair<T>(call: PairCall, act: (tx: PairTransaction) => Promise<T> | T): Promise<T>;
  /** Whose account a former user's number was merged into; null where nobody's. */
  mergedInto(userId: number): Promise<number | null>;
}

/** Two users who become one: `from` is merged into `userId`. */
export interface PairCall {
  userId: number;
  from: number;
}

/** Both accounts, up to date and locked; all else is of the one that stays. */
export interface PairTransaction extends AccountTransaction {
  into: Account;
  from: Account;
  /** Who `from` is. */
  formerDetails(): Promise<UserDetails>;
  /** All rows of `from` that can move become the other's; its number is nobody's from then on. */
  move(offsets: Moved): Promise<void>;
}

/** What the slow path may read and write besides the account, inside the same transaction. */
export interface AccountTransaction extends Redeeming {
  now: number;
  /** The price list that this call's answers are computed from, and name. */
  priceList: PriceList;
  /** The reservation that SlowCall named, as it is now; null where there is none. */
  reservation: Reservation | null;
  /** What the audit log's line says besides who, and besides how the account was before and after; null: nothing changed. */
  describe(change: Partial<Change> | null): void;
  answerOf(keyHash: string): Promise<StoredAnswer | null>;
  saveAnswer(key: IdempotencyKey, status: number, stored: Omit<StoredAnswer, 'payloadHash'>): Promise<void>;
  /** The name under which a model is kept: its own, or `other` where it came after too many. */
  modelKept(name: string): Promise<string>;
  insertReservation(reservation: Reservation): Promise<void>;
  updateReservation(reservation: Reservation): Promise<void>;
  findPayment(provider: string, paymentId: string): Promise<Payment | null>;
  insertPayment(payment: Payment): Promise<void>;
  /** This user's payments of one provider for one tier until a moment, but for the refunded ones. */
  untilPayments(provider: string, tier: string): Promise<UntilPayment[]>;
  /** The base of a payment that had none because another payment's length held its time. */
  setPaymentBase(payment: PaidBy, base: number): Promise<void>;
  /** Gives this user the reference. False: it is another user's; true, without a change: it is this user's already. */
  addReference(reference: string): Promise<boolean>;
  /** One that is this user's. */
  removeReference(reference: string): Promise<void>;
  setBlock(block: Block | null): Promise<void>;
  /** The account's number is nobody's from now on; see Erasures for what is written about it. */
  eraseUser(): Promise<void>;
  /** Of what the ledger does not say. */
  tell(type: EventType, data: Record<string, unknown>): void;
  userDetails(): Promise<UserDetails>;
  markPaymentRefunded(provider: string, paymentId: string, answer: string): Promise<void>;
  savePartRefund(payment: PaidBy, part: PartRefund): Promise<void>;
}
