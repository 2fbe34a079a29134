import { setTimeout as pause } from 'node:timers/promises';

export interface BackoffLimits {
  /** The first pause at its longest; each further one may be twice as long. */
  firstMs: number;
  longestMs: number;
  /** Tries in all; any number unless said. */
  attempts?: number;
  /** No pause may end later than this from the first try. */
  patienceMs?: number;
}

/** The upper half of a pause is left to chance: what failed together must not come back together. */
export function backoffMs(limits: BackoffLimits, failures: number, random = Math.random): number {
  const longest = Math.min(limits.longestMs, limits.firstMs * 2 ** (failures - 1));
  return longest * (0.5 + random() / 2);
}

/** The pauses between the tries of one thing. */
export class Backoff {
  readonly #limits: BackoffLimits;
  readonly #random: () => number;
  readonly #startedAt = performance.now();
  #failures = 0;

  constructor(limits: BackoffLimits, random = Math.random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** The pause after one more failure; at least as long as the other side asked for (`Retry-After`). */
  nextMs(askedMs = 0): number {
    this.#failures += 1;
    return Math.max(askedMs, backoffMs(this.#limits, this.#failures, this.#random));
  }

  /** Waits for the next try; false: there is none within the limits. Rejects when aborted. */
  async wait(askedMs?: number, signal?: AbortSignal): Promise<boolean> {
    const waitMs = this.nextMs(askedMs);
    const { attempts = Number.POSITIVE_INFINITY, patienceMs = Number.POSITIVE_INFINITY } = this.#limits;
    if (this.#failures >= attempts) return false;
    if (performance.now() - this.#startedAt + waitMs > patienceMs) return false;
    await pause(waitMs, undefined, signal === undefined ? {} : { signal });
    return true;
  }

  /** It worked: the next failure is a first one. */
  reset(): void {
    this.#failures = 0;
  }
}
