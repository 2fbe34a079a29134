import { setTimeout as pause } from 'node:timers/promises';

/** What a busy machine may take for anything. Nothing is waited for longer than it takes. */
export const LONG_MS = 60_000;

/** Waits for something to become so; false when it has not. `everyMs`: between two looks. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { withinMs = LONG_MS, everyMs = 5 } = {},
): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await pause(everyMs))
    if (await condition()) return true;
  return condition();
}
