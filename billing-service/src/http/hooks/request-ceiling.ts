/** How many requests a second one API key may send; counted in this process, and without waiting. */
const WINDOW_MS = 1_000;

export class RequestCeiling {
  readonly #perSecond: number;
  readonly #nowMs: () => number;
  /** Counts of the present second. Emptied every second, so it never holds more keys than called within one. */
  readonly #counts = new Map<string, number>();
  #endsAtMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number, nowMs: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#nowMs = nowMs;
  }

  /** Counts one request. 0 if it is within the ceiling, otherwise whole seconds until there is room again. */
  excess(apiKeyId: string): number {
    const now = this.#nowMs();
    if (now >= this.#endsAtMs) {
      this.#counts.clear();
      this.#endsAtMs = now + WINDOW_MS;
    }
    const count = (this.#counts.get(apiKeyId) ?? 0) + 1;
    this.#counts.set(apiKeyId, count);
    return count <= this.#perSecond ? 0 : Math.ceil((this.#endsAtMs - now) / 1000);
  }
}
