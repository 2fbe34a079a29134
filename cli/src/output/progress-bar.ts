import { bytes, duration, number } from './figures.js';
import type { Terminal } from './terminal.js';

export interface Progress {
  /** Things done so far. */
  done: number;
  bytes?: number;
  /** 0 … 1; undefined while nobody can tell. */
  share?: number | undefined;
}

const BAR_WIDTH = 20;
const EVERY_MS = 150;
/** Before this much is done what is left cannot be told. */
const LEAST_SHARE = 0.01;
const LEAST_MS = 1_500;
const CLEAR_LINE = '\r\u001b[2K';

/** One line that is written anew; nothing at all where nobody watches. */
export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #what: string;
  readonly #startedAt = performance.now();
  #shownAt = 0;

  constructor(terminal: Terminal, what: string) {
    this.#terminal = terminal;
    this.#what = what;
  }

  show(progress: Progress): void {
    const now = performance.now();
    if (!this.#terminal.isWatched || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    const line = progressLine(this.#what, progress, now - this.#startedAt);
    process.stderr.write(CLEAR_LINE + line.slice(0, this.#terminal.noteWidth - 1));
  }

  end(): void {
    if (this.#shownAt > 0) process.stderr.write(CLEAR_LINE);
    this.#shownAt = 0;
  }
}

/** `entries  [████████············]  41 %  12,345  1.2 MB  8 s left` */
export function progressLine(
  what: string,
  { done, bytes: size, share }: Progress,
  elapsedMs: number,
): string {
  const parts = [what];
  if (share !== undefined) {
    const full = Math.round(Math.min(1, share) * BAR_WIDTH);
    parts.push(`[${'█'.repeat(full)}${'·'.repeat(BAR_WIDTH - full)}]`, `${Math.floor(share * 100)} %`);
  }
  parts.push(number(done));
  if (size !== undefined) parts.push(bytes(size));
  if (share !== undefined && share >= LEAST_SHARE && elapsedMs >= LEAST_MS)
    parts.push(`${duration((elapsedMs * (1 - share)) / share / 1000)} left`);
  else parts.push(duration(elapsedMs / 1000));
  return parts.join('  ');
}
