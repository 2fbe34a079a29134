import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from './problem.js';

/** How often whoever waits looks again. */
const LOOK_EVERY_MS = 50;

/** For work that takes long: so much of it at once, and who finds no place in time comes again. */
export class Places {
  readonly #most: number;
  readonly #patienceMs: number;
  #taken = 0;

  constructor(most: number, patienceMs: number) {
    this.#most = most;
    this.#patienceMs = patienceMs;
  }

  /** Resolves with what gives the place back, once. */
  async take(): Promise<() => void> {
    const untilMs = performance.now() + this.#patienceMs;
    while (this.#taken >= this.#most) {
      if (performance.now() >= untilMs) throw busy();
      await sleep(LOOK_EVERY_MS);
    }
    this.#taken += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#taken -= 1;
      isHeld = false;
    };
  }
}

const RETRY_AFTER_S = '10';

const busy = (): Problem =>
  new Problem(
    'unavailable',
    'Another of these is under way on this instance. Nothing was begun: send it again later.',
    {},
    { 'retry-after': RETRY_AFTER_S },
  );
