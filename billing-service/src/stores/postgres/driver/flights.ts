/** After this a statement says nothing of how long the next will take: its connection, or a lock, is stuck. */
const STUCK_MS = 300;
/** Then others may fly past it; so many at most, as each keeps a connection (HOT_CONNECTIONS). */
const MAX_STUCK = 1;
/** Of the usual time: how much the newest counts. */
const NEWEST = 0.1;
const FIRST_GUESS_MS = 5;

export interface Flight {
  size: number;
  startedAt: number;
  isPassed: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** The statements of one kind that are on their way, and how long such a one takes. */
export class Flights {
  readonly #onPassed: () => void;
  #flying: Flight[] = [];
  #passed = 0;
  #usualMs = FIRST_GUESS_MS;
  /** Those that others wait for. */
  count = 0;
  items = 0;

  constructor(onPassed: () => void) {
    this.#onPassed = onPassed;
  }

  start(size: number): Flight {
    const flight: Flight = { size, startedAt: performance.now(), isPassed: false, timer: undefined };
    flight.timer = setTimeout(() => this.#pass(flight), STUCK_MS);
    this.#flying.push(flight);
    this.count += 1;
    this.items += size;
    return flight;
  }

  end(flight: Flight, succeeded: boolean): void {
    clearTimeout(flight.timer);
    this.#flying = this.#flying.filter((other) => other !== flight);
    if (succeeded) this.#usualMs += (performance.now() - flight.startedAt - this.#usualMs) * NEWEST;
    if (flight.isPassed) {
      this.#passed -= 1;
      this.#passNext();
    } else this.#uncount(flight);
  }

  /** For one that leaves when `before` others have been there: none where nothing flies. */
  expectedMs(before: number): number {
    if (this.count === 0) return 0;
    const now = performance.now();
    let ageMs = 0;
    for (const flight of this.#flying) {
      if (!flight.isPassed) ageMs = Math.max(ageMs, now - flight.startedAt);
    }
    return (before + 1) * Math.max(this.#usualMs, ageMs);
  }

  #pass(flight: Flight): void {
    if (this.#passed >= MAX_STUCK) return;
    this.#flyPast(flight);
    this.#onPassed();
  }

  /** One whose time came while another was flown past already. */
  #passNext(): void {
    const sinceMs = performance.now() - STUCK_MS;
    const stuck = this.#flying.find(({ isPassed, startedAt }) => !isPassed && startedAt <= sinceMs);
    if (stuck) this.#flyPast(stuck);
  }

  #flyPast(flight: Flight): void {
    flight.isPassed = true;
    this.#passed += 1;
    this.#uncount(flight);
  }

  #uncount(flight: Flight): void {
    this.count -= 1;
    this.items -= flight.size;
  }
}
