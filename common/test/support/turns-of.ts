import { setImmediate as nextTurn } from 'node:timers/promises';

/** More than any work takes that waits for nobody, and far less than a deadline: a turn takes some microseconds. */
export const AT_ONCE = 200;

/**
 * What came of the work, and how many turns of the event loop it took. That is no matter of how busy the machine is: work
 * that waits for a timer or for another process takes thousands.
 */
export async function turnsOf<T>(work: Promise<T>): Promise<[T, number]> {
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  let turns = 0;
  for (; !isOver; turns++) await nextTurn();
  return [await over, turns];
}
