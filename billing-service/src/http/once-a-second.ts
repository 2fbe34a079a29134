/** By the process's own clock, which no test moves. */
const INTERVAL_MS = 1_000;

/**
 * For a line that a flood of requests would write each. Asked for every one of them: null where it is to be left out,
 * else how many were left out since the last.
 */
export function onceASecond(nowMs: () => number = () => performance.now()): () => number | null {
  let lastMs = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return () => {
    if (nowMs() - lastMs < INTERVAL_MS) {
      leftOut += 1;
      return null;
    }
    const since = leftOut;
    lastMs = nowMs();
    leftOut = 0;
    return since;
  };
}
