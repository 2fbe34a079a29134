import type { Readable } from 'node:stream';
import { Problem } from '../problem.js';

/** A sender of whom nothing comes for so long is given up. */
const STALLED_MS = 30_000;
/** And after so long everybody. */
const LONGEST_MS = 6 * 60 * 60_000;

/**
 * A body piece by piece, as fast as it is taken and no faster. Unlike other bodies it may be on its way for hours, as long
 * as something comes. Throws 408 where it does not, and what the stream throws where the sender has left.
 */
export async function* flowingBody(
  body: Readable,
  { stalledMs = STALLED_MS, longestMs = LONGEST_MS } = {},
): AsyncGenerator<Buffer, void> {
  const untilMs = performance.now() + longestMs;
  // Whoever stops to read still owes an answer on the same connection.
  const pieces = body.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const leftMs = Math.min(stalledMs, untilMs - performance.now());
      const next = await within(leftMs, pieces.next().catch(cutOff));
      if (next.done) return;
      yield next.value as Buffer;
    }
  } finally {
    body.pause();
  }
}

/** The sender has left, or sent what is no HTTP. */
function cutOff(): never {
  throw Problem.invalid({ field: 'request', message: 'could not be read to its end' });
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const stalled = new Problem('request-timeout', 'The rest of the body did not come in time.');
    timer = setTimeout(() => reject(stalled), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    // Where it was too late, nobody hears of it any more.
    promise.catch(() => {});
  }
}
