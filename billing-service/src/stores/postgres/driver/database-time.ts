import type { OffsetClock } from '../../../domain/ports/clock.js';
import { UnavailableError } from '../../../domain/ports/unavailable-error.js';
import type { Database } from './database.js';

const EVERY_MS = 60_000;
const SAMPLES = 5;
/** For all samples of one round. Each has the probe's own bound besides. */
const ROUND_MS = 5_000;

/** What one round trip says: the offset of the database's clock to ours lies between these two. */
interface Bounds {
  least: number;
  most: number;
}

export interface DatabaseTimeOptions {
  database: Pick<Database, 'probe'>;
  clock: OffsetClock;
  /** Told once, when the machine's clock is found off by more than a second; again after it was right. */
  warn(message: string): void;
  everyMs?: number;
}

/**
 * Keeps an instance's clock on the database's, which is the one that all instances share: a hold ends and a window opens
 * at one moment for all. Where no round succeeds, the last offset stays.
 */
export class DatabaseTime {
  readonly #options: DatabaseTimeOptions;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #wasOff = false;

  constructor(options: DatabaseTimeOptions) {
    this.#options = options;
  }

  /** Measures now, before anything is served, and again every minute. Throws where no answer comes at all. */
  async follow(): Promise<void> {
    if (!(await this.measure())) throw new UnavailableError('the database does not tell the time');
    this.#next();
  }

  close(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** One round. False where not one sample succeeded. */
  async measure(): Promise<boolean> {
    const until = performance.now() + ROUND_MS;
    let best: Bounds | undefined;
    for (let i = 0; i < SAMPLES && performance.now() < until && !this.#isStopped; i++) {
      const bounds = await this.#sample().catch(() => undefined);
      if (bounds && (!best || widthOf(bounds) < widthOf(best))) best = bounds;
    }
    if (!best || this.#isStopped) return false;
    const { clock } = this.#options;
    // As little as the bounds ask for: what lies within them may be right, and does not jitter.
    clock.correct(Math.min(Math.max(clock.correctionMs, best.least), best.most));
    this.#tell();
    return true;
  }

  /** The database looked at its clock between our two looks. Each reading was cut to whole ms, hence the one more. */
  async #sample(): Promise<Bounds | undefined> {
    const { database, clock } = this.#options;
    const before = clock.raw();
    const [row] = await database.probe<{ now: string }>(
      `select floor(extract(epoch from clock_timestamp()) * 1000)::text as now`,
    );
    const after = clock.raw();
    const now = Number(row?.now);
    // A clock that was set back meanwhile says nothing.
    return Number.isSafeInteger(now) && after >= before
      ? { least: now - after - 1, most: now - before + 1 }
      : undefined;
  }

  #next(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.measure().then(
        () => this.#next(),
        () => this.#next(),
      );
    }, this.#options.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  #tell(): void {
    const { clock, warn } = this.#options;
    const isOff = clock.isOff();
    if (isOff && !this.#wasOff) {
      const behindMs = clock.behindMs();
      const off = `${(Math.abs(behindMs) / 1000).toFixed(1)} s ${behindMs > 0 ? 'behind' : 'ahead of'}`;
      warn(`this machine's clock is ${off} the database's, which is the one that counts`);
    }
    this.#wasOff = isOff;
  }
}

const widthOf = ({ least, most }: Bounds) => most - least;
