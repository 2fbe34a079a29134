import type { Account } from '../../../domain/account/account.js';
import type { Priced } from '../../../domain/account/reservation-receipt.js';
import { UnknownAccountError } from '../../../domain/account/unknown-account.js';
import type { Payment } from '../../../domain/payments/payment.js';
import type { Audit, AuditRequest } from '../../../domain/ports/audit.js';
import type {
  AccountTransaction,
  AccountView,
  HotReserve,
  HotTransition,
  Ledger,
  LedgerCaller,
  PairCall,
  PairTransaction,
  ReserveItem,
  SlowCall,
  StoredAnswer,
  TransitionItem,
} from '../../../domain/ports/ledger.js';
import { type Patience, patienceOf } from '../../../domain/ports/patience.js';
import type { SlowReason } from '../../../domain/ports/telemetry.js';
import { UnavailableError } from '../../../domain/ports/unavailable-error.js';
import { LockedError, orUnavailable } from '../driver/failure.js';
import { mergedInto } from '../users/former-user-rows.js';
import { withLockedPair } from './account-pair.js';
import { withLockedAccount } from './account-store.js';
import { findAnswer } from './answer-rows.js';
import { audit } from './audit-walk.js';
import type { Batch } from './batch.js';
import { accountContext } from './ledger-context.js';
import { dueAccounts, dueSince, forgetAnswers, overdueHolds } from './ledger-queries.js';
import { findPayment } from './payment-rows.js';
import { loadOf, type SharedLedger } from './shared-ledger.js';
import { changeSlowly, type Run } from './slow-change.js';
import type { Turn } from './turns.js';

const SLOW = Promise.resolve({ status: 'slow' } as const);

/** For work that nobody waits for over HTTP: the sweeper's. */
const OWN_PATIENCE_MS = 5_000;

/** Postgres or PGlite behind the domain's Ledger. */
export class PostgresLedger implements Ledger {
  readonly #shared: SharedLedger;
  readonly #caller: LedgerCaller | undefined;

  constructor(shared: SharedLedger, caller?: LedgerCaller) {
    this.#shared = shared;
    this.#caller = caller;
  }

  askedBy(caller: LedgerCaller): Ledger {
    return new PostgresLedger(this.#shared, caller);
  }

  /** Not a step of the event loop between the call and its batch where all that it names is known here. */
  reserve(item: ReserveItem): Promise<HotReserve> {
    const { models, context, reserves } = this.#shared;
    if (!context.catalogue.current().tierNumbers.has(item.tier)) return SLOW;
    if (item.model === null || models.known(item.model) !== null) return this.#hot(reserves, item);
    return models.learn(item.model).then(() => this.#hot(reserves, item));
  }

  transition(item: TransitionItem): Promise<HotTransition> {
    const { models, transitions, context } = this.#shared;
    if (item.model === null || models.known(item.model) !== null) return this.#hot(transitions, item);
    models.refresh().catch(context.onBatchFailure);
    return SLOW;
  }

  accountOf(userId: number): Promise<AccountView | null> {
    return this.#shared.accounts.add(userId, this.#patience());
  }

  priced(userId: number, id: string): Promise<Priced | null> {
    return this.#shared.priced.add({ userId, id }, this.#patience());
  }

  answerOf(userId: number, keyHash: string): Promise<StoredAnswer | null> {
    return orUnavailable(findAnswer(this.#shared.database, userId, keyHash));
  }

  findPayment(provider: string, paymentId: string): Promise<Payment | null> {
    return orUnavailable(findPayment(this.#shared.database, provider, paymentId));
  }

  /** What waits and what is on its way, for the figures. */
  load(): Record<string, { waiting: number; inFlight: number }> {
    return loadOf(this.#shared);
  }

  async audit(request?: AuditRequest): Promise<Audit> {
    const { database, context } = this.#shared;
    const found = await audit(database, context.clock.now(), request);
    const mismatches = (request?.foundBefore ?? 0) + found.mismatches.length;
    // A part that is in order says nothing of the others.
    if (mismatches > 0 || found.stoppedAt === null) context.telemetry.audited(mismatches);
    return found;
  }

  dueSince(): Promise<number | null> {
    return dueSince(this.#shared.database);
  }

  dueAccounts(limit: number, except: readonly number[]): Promise<number[]> {
    return dueAccounts(this.#shared.database, { now: this.#shared.context.clock.now(), limit, except });
  }

  overdueHolds(afterUserId: number | null, limit: number) {
    return overdueHolds(this.#shared.database, { now: this.#shared.context.clock.now(), afterUserId, limit });
  }

  forgetAnswers(before: number, limit: number): Promise<number> {
    return forgetAnswers(this.#shared.database, before, limit);
  }

  async withAccount<T>(
    call: SlowCall,
    act: (account: Account, tx: AccountTransaction) => Promise<T> | T,
  ): Promise<T> {
    const { context } = this.#shared;
    const work = call.reservationId === undefined && call.payment === undefined ? 'beginning' : 'ending';
    try {
      return await this.#change(
        { userId: call.userId, work },
        (grantsRead) => (tx) =>
          withLockedAccount(tx, { ...call, ...this.#caller }, accountContext(context, grantsRead), act),
      );
    } catch (error) {
      // A reservation keeps the number of the user who made it, also when that user became another one.
      if (!(error instanceof UnknownAccountError) || call.reservationId === undefined) throw error;
      const userId = await this.mergedInto(call.userId);
      if (userId === null) throw error;
      return this.withAccount({ ...call, userId }, act);
    }
  }

  async withPair<T>(call: PairCall, act: (tx: PairTransaction) => Promise<T> | T): Promise<T> {
    return this.#change(
      { userId: call.userId, work: 'beginning' },
      (grantsRead) => (tx) =>
        withLockedPair(
          tx,
          { ...call, ...this.#caller },
          accountContext(this.#shared.context, grantsRead),
          act,
        ),
    );
  }

  mergedInto(userId: number): Promise<number | null> {
    return orUnavailable(mergedInto(this.#shared.database, userId));
  }

  #change<T>(turn: Pick<Turn, 'userId' | 'work'>, run: Run<T>): Promise<T> {
    return changeSlowly(this.#shared, { ...turn, patience: this.#patience() }, this.#caller?.rehearsal, run);
  }

  #patience(): Patience {
    return this.#caller?.patience ?? patienceOf(OWN_PATIENCE_MS);
  }

  /**
   * A statement that failed as a whole did nothing (a key that another instance stored a moment ago, one bad item), so
   * each of its items is tried alone. Where the database was away nobody knows, and the caller is told to ask again.
   */
  async #hot<Item extends { userId: number }, Answer extends { status: string }>(
    batch: Batch<Item, Answer>,
    item: Item,
  ): Promise<Answer | { status: 'slow' }> {
    const { locked, context } = this.#shared;
    const slow = (reason: SlowReason): { status: 'slow' } => {
      context.telemetry.wentSlow(batch.name, reason);
      return { status: 'slow' };
    };
    // What an author's call changes is written down, which only the slow path does.
    if (this.#caller?.author || this.#caller?.rehearsal) return slow('audited');
    if (locked.has(item.userId)) return slow('locked');
    try {
      const answer = await batch.add(item, this.#patience());
      return answer.status === 'slow' ? slow('decided') : answer;
    } catch (error) {
      if (error instanceof UnavailableError && !(error instanceof LockedError)) throw error;
      if (error instanceof LockedError) return slow('locked');
      context.onBatchFailure(error);
      return slow('failed');
    }
  }
}
