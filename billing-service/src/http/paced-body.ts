import { Readable } from 'node:stream';

/** Whoever takes nothing for so long is cut off. */
const STALLED_MS = 30_000;
/** And after so long everybody: what is read in one snapshot keeps Postgres from cleaning up. */
const LONGEST_MS = 30 * 60_000;

export interface Pace {
  stalledMs?: number;
  longestMs?: number;
}

/**
 * A body of `first` and the rest, made as fast as it is read and no faster. Cut off, the answer has no end, so nobody
 * takes it for whole. However it ends, also where nobody ever reads it, `rest` is ended, and `onEnd` is called then.
 */
export function pacedBody(
  first: string,
  rest: AsyncGenerator<string, void>,
  onEnd: () => void,
  { stalledMs = STALLED_MS, longestMs = LONGEST_MS }: Pace = {},
): Readable {
  const untilMs = performance.now() + longestMs;
  let timer: NodeJS.Timeout | undefined;
  const waitForReader = () => {
    clearTimeout(timer);
    const leftMs = Math.max(0, Math.min(stalledMs, untilMs - performance.now()));
    timer = setTimeout(() => body.destroy(new Error('the answer was not read in time')), leftMs);
  };
  async function* watched(): AsyncGenerator<string, void> {
    yield first;
    clearTimeout(timer);
    for await (const text of rest) {
      waitForReader();
      yield text;
      clearTimeout(timer);
    }
  }
  const body: Readable = Readable.from(watched(), { objectMode: false, highWaterMark: 1 });
  waitForReader();
  body.once('close', () => {
    clearTimeout(timer);
    void rest.return().then(onEnd, onEnd);
  });
  return body;
}
