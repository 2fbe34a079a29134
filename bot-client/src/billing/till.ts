import { randomUUID } from 'node:crypto';
import type { BillingClient } from './billing-client.js';
import { BillingError } from './billing-error.js';
import { type Settled, settleWork } from './settle-work.js';
import type { Balance, Reservation } from './types.js';
import { MemoryWorkLog, type WorkLog, type WorkRecord } from './work-log.js';

export interface WithTokensOptions {
  /** Names this piece of work for ever: the same key again holds nothing twice. */
  key?: string;
  /** Hold this instead of the operation's price: an upper bound where the work reports its cost. */
  amount?: number;
  signal?: AbortSignal;
  metadata?: Record<string, unknown>;
  /** Kept with the work in the log, for whoever tells the user after a crash. */
  note?: Record<string, unknown>;
  /** How long the hold lasts where nobody extends it, as after a crash. */
  ttlSeconds?: number;
  /** How often it is extended while the work runs: a third of `ttlSeconds` unless said otherwise. */
  extendEveryMs?: number;
}
export interface Job {
  /** Aborts when the caller cancels. */
  signal: AbortSignal;
  reservation: Reservation;
}
export interface Done<T> {
  value: T;
  cost: number;
  reservation: Reservation;
}
/** The work failed or was cancelled before it delivered; nothing was or will be charged. */
export class WorkFailed extends Error {
  override readonly name = 'WorkFailed';
  constructor(
    override readonly cause: unknown,
    /** After the refund; undefined: the service could not be reached, the tokens come back as soon as it can. */
    readonly balance: Balance | undefined,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Runs `work` for `user`; see `Till.withTokens`. */
export type WithTokens = Till['withTokens'];

const DEFAULT_TTL_SECONDS = 300;
const RETRY_MS = 2_000;

/**
 * Takes tokens for work: hold first, deliver, then charge; or give back. Where the service is away at the end, the
 * settlement is kept and sent again until it is taken.
 */
export class Till {
  private timer: NodeJS.Timeout | undefined;
  private readonly busy = new Set<string>();
  private recovering: ReturnType<Till['recover']> | undefined;
  private stopped = false;

  constructor(
    private readonly billing: BillingClient,
    private readonly log: WorkLog = new MemoryWorkLog(),
    private readonly onSettled: (record: WorkRecord, settled: Settled) => void = () => undefined,
  ) {}

  /**
   * Reserves with rate limits (`BillingError` when refused: nothing was held), then runs `work`. When it returns, the
   * user has the result: it is charged, at the `cost` it reports or else at the whole hold. When it throws: refunded,
   * and `WorkFailed`. Holds of long work are extended while it runs.
   */
  async withTokens<T>(
    user: string,
    operation: string,
    work: (job: Job) => Promise<{ value: T; cost?: number }>,
    options: WithTokensOptions = {},
  ): Promise<Done<T>> {
    const record = planOf(user, operation, options);
    this.busy.add(record.key);
    try {
      await this.log.planned(record);
      const reservation = await this.hold(record);
      return await this.run(record, reservation, work, options);
    } finally {
      this.busy.delete(record.key);
      this.wake();
    }
  }

  /** Settles everything the log still holds open, as after a crash: undelivered work is given back, delivered charged. */
  recover(): Promise<{ record: WorkRecord; settled: Settled }[]> {
    // Where the service is slow the next round may be due before this one is over: it would tell users twice.
    this.recovering ??= this.settleOpen().finally(() => {
      this.recovering = undefined;
      this.wake();
    });
    return this.recovering;
  }

  private async settleOpen(): Promise<{ record: WorkRecord; settled: Settled }[]> {
    const results = [];
    for (const record of this.log.open().filter((one) => !this.busy.has(one.key))) {
      if (this.stopped) break;
      const settled = await settleWork(this.billing, record);
      if (settled === undefined) continue;
      await this.log.settled(record.key);
      this.onSettled(record, settled);
      results.push({ record, settled });
    }
    return results;
  }

  /** Tries nothing again from now on; what is open stays in the log for the next start. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async hold(record: WorkRecord): Promise<Reservation> {
    try {
      const reservation = await this.billing.reserve(record.request, record.key);
      await this.log.reserved(record.key, reservation.reservationId);
      return reservation;
    } catch (error) {
      // A refusal held nothing. Where no answer came, a hold may exist: the record stays, to be given back.
      if (error instanceof BillingError && !error.retryable) await this.log.settled(record.key);
      throw error;
    }
  }

  private async run<T>(
    record: WorkRecord,
    reservation: Reservation,
    work: (job: Job) => Promise<{ value: T; cost?: number }>,
    options: WithTokensOptions,
  ): Promise<Done<T>> {
    const signal = options.signal ?? new AbortController().signal;
    const ttlSeconds = record.request.ttlSeconds ?? DEFAULT_TTL_SECONDS;
    const extending = setInterval(
      () => void this.billing.extend(reservation.reservationId, ttlSeconds).catch(() => undefined),
      options.extendEveryMs ?? (ttlSeconds * 1000) / 3,
    );
    let result: { value: T; cost?: number };
    try {
      signal.throwIfAborted();
      result = await work({ signal, reservation });
    } catch (cause) {
      throw new WorkFailed(
        cause,
        (await this.settle({ ...record, state: 'reserved', reservationId: reservation.reservationId }))
          ?.balance,
      );
    } finally {
      clearInterval(extending);
    }
    const cost = Math.min(result.cost ?? reservation.amount, Number.MAX_SAFE_INTEGER);
    await this.log.delivered(record.key, cost);
    await this.settle({ ...record, state: 'delivered', reservationId: reservation.reservationId, cost });
    return { value: result.value, cost, reservation };
  }

  private async settle(record: WorkRecord): Promise<Settled | undefined> {
    const settled = await settleWork(this.billing, record);
    if (settled !== undefined) await this.log.settled(record.key);
    return settled;
  }

  /** While something is unsettled, tries again every now and then. */
  private wake(): void {
    if (this.stopped) return;
    const waiting = this.log.open().filter((record) => !this.busy.has(record.key));
    if (waiting.length === 0 || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.recover().catch(() => undefined);
    }, RETRY_MS);
    // A hold ends by itself; only a charge that is owed is worth keeping a process alive for.
    if (!waiting.some((record) => record.state === 'delivered')) this.timer.unref();
  }
}

function planOf(user: string, operation: string, options: WithTokensOptions): WorkRecord {
  const { key = randomUUID(), amount, metadata, ttlSeconds = DEFAULT_TTL_SECONDS } = options;
  const request = {
    user,
    operation,
    ...(amount === undefined ? {} : { amount }),
    ttlSeconds,
    checkLimits: true,
    ...(metadata === undefined ? {} : { metadata }),
  };
  return { key, request, state: 'planned', note: options.note ?? {} };
}
