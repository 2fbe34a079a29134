import type { SpanContext } from '../../../../common/src/tracing.js';

/** How long whoever asked will wait for an answer. */
export interface Patience {
  /** By the process' own clock (performance.now()). */
  readonly untilMs: number;
  /** What the work is part of, where whoever asked is traced. */
  trace?: SpanContext | undefined;
  /** Time is up, or whoever asked has left: what has not begun is not begun any more. */
  isOver(): boolean;
}

/** For work that nobody waits for at the other end of a connection. */
export function patienceOf(ms: number): Patience {
  const untilMs = performance.now() + ms;
  return { untilMs, isOver: () => performance.now() >= untilMs };
}
