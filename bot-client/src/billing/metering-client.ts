import type { BillingClient } from './billing-client.js';
import { BillingError } from './billing-error.js';
import { commitOrRefund, type Settlement } from './commit-or-refund.js';
import { DEFAULT_TTL_SECONDS, planWork, type WithTokensOptions } from './plan-work.js';
import type { Reservation } from './types.js';
import { WorkFailed } from './work-failed.js';
import { MemoryWorkLog, type WorkLog, type WorkRecord } from './work-log.js';

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
/** Runs `work` for `user`; see `MeteringClient.withTokens`. */
export type WithTokens = MeteringClient['withTokens'];

const RETRY_MS = 2_000;

/**
 * Takes tokens for work: hold first, deliver, then charge; or give back. Where the service is away at the end, the
 * settlement is kept and sent again until it is taken.
 */
export class MeteringClient {
  readonly #billing: BillingClient;
  readonly #log: WorkLog;
  readonly #onSettled: (record: WorkRecord, settlement: Settlement) => void;
  #timer: NodeJS.Timeout | undefined;
  readonly #busy = new Set<string>();
  #recovering: ReturnType<MeteringClient['recover']> | undefined;
  #stopped = false;

  constructor(
    billing: BillingClient,
    log: WorkLog = new MemoryWorkLog(),
    onSettled: (record: WorkRecord, settlement: Settlement) => void = () => undefined,
  ) {
    this.#billing = billing;
    this.#log = log;
    this.#onSettled = onSettled;
  }

  /**
   * Reserves with rate limits (`BillingError` when refused: nothing was held), then runs `work`. When it returns, the
   * user has the result: it is charged, at the `cost` it reports, or at the whole hold. When it throws: refunded,
   * and `WorkFailed`. Holds of long work are extended while it runs.
   */
  async withTokens<T>(
    user: string,
    operation: string,
    work: (job: Job) => Promise<{ value: T; cost?: number }>,
    options: WithTokensOptions = {},
  ): Promise<Done<T>> {
    const record = planWork(user, operation, options);
    this.#busy.add(record.key);
    try {
      await this.#log.planned(record);
      const reservation = await this.#hold(record);
      return await this.#run(record, reservation, work, options);
    } finally {
      this.#busy.delete(record.key);
      this.#wake();
    }
  }

  /** Settles everything the log still holds open, as after a crash: undelivered work is given back, delivered charged. */
  recover(): Promise<{ record: WorkRecord; settlement: Settlement }[]> {
    // With a slow service the next round may be due before this one is over, and would tell users twice.
    this.#recovering ??= this.#commitOrRefundOpen().finally(() => {
      this.#recovering = undefined;
      this.#wake();
    });
    return this.#recovering;
  }

  async #commitOrRefundOpen(): Promise<{ record: WorkRecord; settlement: Settlement }[]> {
    const results = [];
    for (const record of this.#log.open().filter((one) => !this.#busy.has(one.key))) {
      if (this.#stopped) break;
      const settlement = await commitOrRefund(this.#billing, record);
      if (settlement === undefined) continue;
      await this.#log.settled(record.key);
      this.#onSettled(record, settlement);
      results.push({ record, settlement });
    }
    return results;
  }

  /**
   * Tries nothing again from now on; what is open stays in the log for the next start. Resolves when no recovery is under
   * way that may still write to the log.
   */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#recovering?.catch(() => undefined);
  }

  async #hold(record: WorkRecord): Promise<Reservation> {
    try {
      const reservation = await this.#billing.reserve(record.request, record.key);
      await this.#log.reserved(record.key, reservation.reservationId);
      return reservation;
    } catch (error) {
      // A refusal held nothing. After any other failure a hold may exist: the record stays, to be given back.
      if (error instanceof BillingError && error.refused) await this.#log.settled(record.key);
      throw error;
    }
  }

  async #run<T>(
    record: WorkRecord,
    reservation: Reservation,
    work: (job: Job) => Promise<{ value: T; cost?: number }>,
    options: WithTokensOptions,
  ): Promise<Done<T>> {
    const signal = options.signal ?? new AbortController().signal;
    const ttlSeconds = record.request.ttlSeconds ?? DEFAULT_TTL_SECONDS;
    const extending = setInterval(
      () => void this.#billing.extend(reservation.reservationId, ttlSeconds).catch(() => undefined),
      options.extendEveryMs ?? (ttlSeconds * 1000) / 3,
    );
    let result: { value: T; cost?: number };
    try {
      signal.throwIfAborted();
      result = await work({ signal, reservation });
    } catch (cause) {
      throw new WorkFailed(
        cause,
        (await this.#end({ ...record, state: 'reserved', reservationId: reservation.reservationId }))
          ?.balance,
      );
    } finally {
      clearInterval(extending);
    }
    const cost = Math.min(result.cost ?? reservation.amount, Number.MAX_SAFE_INTEGER);
    await this.#log.delivered(record.key, cost);
    await this.#end({ ...record, state: 'delivered', reservationId: reservation.reservationId, cost });
    return { value: result.value, cost, reservation };
  }

  async #end(record: WorkRecord): Promise<Settlement | undefined> {
    const settlement = await commitOrRefund(this.#billing, record);
    if (settlement !== undefined) await this.#log.settled(record.key);
    return settlement;
  }

  /** While something is unsettled, tries again at intervals. */
  #wake(): void {
    if (this.#stopped) return;
    const waiting = this.#log.open().filter((record) => !this.#busy.has(record.key));
    if (waiting.length === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.recover().catch(() => undefined);
    }, RETRY_MS);
    // A hold ends by itself; only a charge that is owed is worth keeping a process alive for.
    if (!waiting.some((record) => record.state === 'delivered')) this.#timer.unref();
  }
}
