import type { Account } from '../../../domain/account/account.js';
import { InvariantError } from '../../../domain/account/assert-account.js';
import { tierIn } from '../../../domain/catalogue/catalogue.js';
import type { Payment } from '../../../domain/payments/payment.js';
import type { CatalogueStore } from '../../../domain/ports/catalogue-store.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type {
  AccountTransaction,
  AccountView,
  Audit,
  HotReserve,
  HotTransition,
  Ledger,
  ReserveItem,
  SlowCall,
  StoredAnswer,
  TransitionItem,
} from '../../../domain/ports/ledger.js';
import { UnavailableError } from '../../../domain/ports/unavailable-error.js';
import type { Database } from '../driver/database.js';
import { orUnavailable } from '../driver/failure.js';
import { accountBatch } from './account-batch.js';
import { withLockedAccount } from './account-store.js';
import { findAnswer } from './answer-rows.js';
import { audit } from './audit-walk.js';
import type { Batch } from './batch.js';
import { dueAccounts, forgetAnswers, overdueHolds } from './ledger-queries.js';
import { findPayment } from './payment-rows.js';
import { reserveBatch } from './reserve-batch.js';
import { transitionBatch } from './transition-batch.js';

export interface LedgerContext {
  clock: Clock;
  catalogue: CatalogueStore;
  /** A change would have broken this rule of an account; it was not saved. */
  onInvariantBroken(rule: string): void;
  /** The user's plan changed: drop the profile everywhere. */
  onPlanChange(userId: number): void;
  /** A hot statement failed and its items took the slow path one by one: slow, and worth knowing. */
  onBatchFailure(error: unknown): void;
}

/** Postgres or PGlite behind the domain's Ledger. */
export class PostgresLedger implements Ledger {
  readonly #database: Database;
  readonly #context: LedgerContext;
  readonly #reserves: Batch<ReserveItem, HotReserve>;
  readonly #transitions: Batch<TransitionItem, HotTransition>;
  readonly #accounts: Batch<number, AccountView | null>;
  /**
   * The last slow call of each account in this process. They run one after the other, in the order in which they came,
   * so that those of a busy account do not hold all connections while they wait.
   */
  readonly #tails = new Map<number, Promise<unknown>>();
  /** Failures that were told: all items of a statement are rejected with the same one. */
  readonly #told = new WeakSet<object>();

  constructor(database: Database, context: LedgerContext) {
    this.#database = database;
    this.#context = context;
    const hot = () => ({ now: context.clock.now(), priceList: context.catalogue.current().priceList });
    this.#reserves = reserveBatch(database, hot);
    this.#transitions = transitionBatch(database, hot);
    this.#accounts = accountBatch(database, context.clock);
  }

  reserve(item: ReserveItem): Promise<HotReserve> {
    return this.#orSlow(this.#reserves.add(item));
  }

  transition(item: TransitionItem): Promise<HotTransition> {
    return this.#orSlow(this.#transitions.add(item));
  }

  accountOf(userId: number): Promise<AccountView | null> {
    return this.#accounts.add(userId);
  }

  answerOf(userId: number, keyHash: string): Promise<StoredAnswer | null> {
    return orUnavailable(findAnswer(this.#database, userId, keyHash));
  }

  findPayment(provider: string, paymentId: string): Promise<Payment | null> {
    return orUnavailable(findPayment(this.#database, provider, paymentId));
  }

  audit(): Promise<Audit> {
    return audit(this.#database);
  }

  dueAccounts(limit: number, except: readonly number[]): Promise<number[]> {
    return dueAccounts(this.#database, { now: this.#context.clock.now(), limit, except });
  }

  overdueHolds(afterUserId: number | null, limit: number) {
    return overdueHolds(this.#database, { now: this.#context.clock.now(), afterUserId, limit });
  }

  forgetAnswers(before: number, limit: number): Promise<number> {
    return forgetAnswers(this.#database, before, limit);
  }

  async withAccount<T>(
    call: SlowCall,
    act: (account: Account, tx: AccountTransaction) => Promise<T> | T,
  ): Promise<T> {
    const { value, planChanged } = await this.#inOrder(call.userId, () =>
      this.#database.transaction((tx) => {
        const catalogue = this.#context.catalogue.current();
        const tierOf = (id: string) => {
          if (!catalogue.tiers.has(id)) {
            void this.#context.catalogue.refresh().catch(this.#context.onBatchFailure);
          }
          return tierIn(catalogue, id);
        };
        const { priceList } = catalogue;
        return withLockedAccount(tx, call, { now: this.#context.clock.now(), tierOf, priceList }, act);
      }),
    ).catch((error) => {
      if (error instanceof InvariantError) this.#context.onInvariantBroken(error.rule);
      throw error;
    });
    if (planChanged) this.#context.onPlanChange(call.userId);
    return value;
  }

  #inOrder<T>(userId: number, run: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(userId) ?? Promise.resolve();
    const mine = before.then(run, run);
    this.#tails.set(userId, mine);
    const forget = () => {
      if (this.#tails.get(userId) === mine) this.#tails.delete(userId);
    };
    mine.then(forget, forget);
    return mine;
  }

  /**
   * A statement that failed as a whole did nothing (a key that another instance stored a moment ago, one bad item), so
   * each of its items is tried alone. Where the database was away nobody knows, and the caller is told to ask again.
   */
  async #orSlow<T>(answer: Promise<T>): Promise<T | { status: 'slow' }> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      this.#tellOnce(error as object);
      return { status: 'slow' };
    }
  }

  #tellOnce(failure: object): void {
    if (this.#told.has(failure)) return;
    this.#told.add(failure);
    this.#context.onBatchFailure(failure);
  }
}
