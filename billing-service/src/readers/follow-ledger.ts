import type { LedgerReader, Sight } from '../domain/ports/ledger-reader.js';

export interface FollowOptions {
  reader: LedgerReader;
  onError(error: unknown): void;
  /** What an answer must read besides the sums is what came since: at 5,000 entries a second 25,000 lines. */
  pauseMs?: number;
  /** Some 50 ms of the database's time, in which an embedded one serves nobody else. */
  page?: number;
  /** Something was taken. */
  onTaken?: () => void;
  /** The process's own clock where absent. */
  nowMs?: () => number;
}

const PAGE = 5_000;
const PAUSE_MS = 5_000;
/** While older transactions go on that may still write below what was seen. */
const EARLY_MS = 100;

/**
 * Takes the ledger's entries a page at a time, for one reader. Any number of instances may run it: one has its turn, and
 * the others find nothing left. After a page it rests as long as the page took, so that a long ledger is caught up with
 * beside the calls.
 */
export class FollowLedger {
  readonly #options: FollowOptions;
  readonly #nowMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #sight: Sight | null = null;
  #sawAtMs: number;
  /** All that was there at this moment is taken. */
  #takenToMs: number;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#sawAtMs = this.#takenToMs = this.#nowMs();
  }

  start(afterMs = this.#options.pauseMs ?? PAUSE_MS): void {
    this.#timer = setTimeout(() => {
      const beganMs = this.#nowMs();
      this.#running = this.runOnce()
        .catch((error): 'failed' => {
          this.#options.onError(error);
          return 'failed';
        })
        .then((did) => {
          if (!this.#stopped) this.start(this.#pauseAfter(did, this.#nowMs() - beganMs));
        });
    }, afterMs);
    this.#timer.unref();
  }

  /** Finishes the page in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** How far behind the ledger it may be. */
  lagMs(): number {
    return this.#nowMs() - this.#takenToMs;
  }

  /** One page. What was seen is kept until it is taken: a new sight each time might never be old enough. */
  async runOnce(): Promise<'more' | 'all' | 'early' | 'elsewhere'> {
    const { reader, page = PAGE } = this.#options;
    if (!this.#sight) {
      this.#sawAtMs = this.#nowMs();
      this.#sight = await reader.look();
    }
    const did = this.#sight ? await reader.take(this.#sight, page) : 'all';
    if (this.#sight && (did === 'all' || did === 'more')) this.#options.onTaken?.();
    if (did === 'all') {
      this.#sight = null;
      this.#takenToMs = this.#sawAtMs;
    }
    return did;
  }

  #pauseAfter(did: string, tookMs: number): number {
    if (did === 'more') return tookMs;
    const { pauseMs = PAUSE_MS } = this.#options;
    return did === 'early' ? Math.min(EARLY_MS, pauseMs) : pauseMs;
  }
}
