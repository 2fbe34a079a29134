import type { Account } from '../../../domain/account/account.js';
import { InvariantError } from '../../../domain/account/assert-account.js';
import type { Priced } from '../../../domain/account/reservation-receipt.js';
import type { Payment } from '../../../domain/payments/payment.js';
import type { Audit, AuditRequest } from '../../../domain/ports/audit.js';
import type {
  AccountTransaction,
  AccountView,
  HotReserve,
  HotTransition,
  Ledger,
  LedgerCaller,
  ReserveItem,
  SlowCall,
  StoredAnswer,
  TransitionItem,
} from '../../../domain/ports/ledger.js';
import { type Patience, patienceOf } from '../../../domain/ports/patience.js';
import type { SlowReason } from '../../../domain/ports/telemetry.js';
import { UnavailableError } from '../../../domain/ports/unavailable-error.js';
import type { Database, Queryable } from '../driver/database.js';
import { LockedError, orUnavailable } from '../driver/failure.js';
import { withLockedAccount } from './account-store.js';
import { findAnswer } from './answer-rows.js';
import { audit } from './audit-walk.js';
import type { Batch } from './batch.js';
import { keptOrUndone } from './kept-or-undone.js';
import { accountContext, type LedgerContext } from './ledger-context.js';
import { dueAccounts, dueSince, forgetAnswers, overdueHolds } from './ledger-queries.js';
import type { LockedAccounts } from './locked-accounts.js';
import type { ModelNumbers } from './model-numbers.js';
import { findPayment } from './payment-rows.js';
import type { Turns } from './turns.js';
import { withEnoughGrants } from './with-enough-grants.js';

/** What all callers share. */
export interface SharedLedger {
  database: Database;
  context: LedgerContext;
  reserves: Batch<ReserveItem, HotReserve>;
  transitions: Batch<TransitionItem, HotTransition>;
  accounts: Batch<number, AccountView | null>;
  priced: Batch<{ userId: number; id: string }, Priced | null>;
  turns: Turns;
  locked: LockedAccounts;
  models: ModelNumbers;
}

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
    const { reserves, transitions, accounts, priced, turns } = this.#shared;
    return {
      [reserves.name]: reserves.load,
      [transitions.name]: transitions.load,
      [accounts.name]: accounts.load,
      [priced.name]: priced.load,
      slow: turns.load,
    };
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
    const { database, context, turns } = this.#shared;
    const work = call.reservationId === undefined && call.payment === undefined ? 'beginning' : 'ending';
    const { rehearsal } = this.#caller ?? {};
    const run = (grantsRead: number) => (tx: Queryable) =>
      withLockedAccount(tx, { ...call, ...this.#caller }, accountContext(context, grantsRead), act);
    const startedAt = performance.now();
    const patience = this.#patience();
    const span = patience.trace && context.tracer?.start('account change', { parent: patience.trace });
    const { value, planChanged, ...happened } = await turns
      .take({ userId: call.userId, work, patience }, (lockTimeoutMs) =>
        withEnoughGrants(context.grantsRead, (grantsRead) =>
          keptOrUndone(database, run(grantsRead), { lockTimeoutMs, rehearsal }),
        ),
      )
      .catch((error) => {
        span?.end({ failed: true });
        if (error instanceof InvariantError) context.telemetry.invariantBroken(error.rule);
        throw error;
      });
    span?.end();
    if (rehearsal) return value;
    context.telemetry.accountChanged({ tookMs: performance.now() - startedAt, ...happened });
    if (planChanged) context.onPlanChange(call.userId);
    return value;
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
