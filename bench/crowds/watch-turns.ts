export interface Cost {
  totalMs: number;
  /** Of this process, all threads; what watching costs is not in it. */
  cpuMs: number;
  /** The longest time in which the event loop could do nothing else: by the clock, and this process's CPU in one turn. */
  longestTurnMs: number;
  longestTurnCpuMs: number;
}

type Step = () => Promise<unknown>;

/** Runs `work` twice: alone, for its cost, and with a look at the clock in every turn of the event loop. */
export async function watchTurns(prepare: Step, work: Step): Promise<Cost> {
  await prepare();
  const cpuBeforeMs = cpuNowMs();
  const startedAt = performance.now();
  await work();
  const totalMs = performance.now() - startedAt;
  const cpuMs = cpuNowMs() - cpuBeforeMs;
  await prepare();
  return { totalMs, cpuMs, ...(await longestTurn(work)) };
}

/** On a busy machine a turn by the clock is also the time in which others ran; its CPU is not. */
async function longestTurn(work: Step): Promise<Pick<Cost, 'longestTurnMs' | 'longestTurnCpuMs'>> {
  const longest = { longestTurnMs: 0, longestTurnCpuMs: 0 };
  let [lastMs, lastCpuMs] = [performance.now(), cpuNowMs()];
  let watching = true;
  const look = () => {
    const [now, cpuNow] = [performance.now(), cpuNowMs()];
    longest.longestTurnMs = Math.max(longest.longestTurnMs, now - lastMs);
    longest.longestTurnCpuMs = Math.max(longest.longestTurnCpuMs, cpuNow - lastCpuMs);
    [lastMs, lastCpuMs] = [now, cpuNow];
    if (watching) setImmediate(look);
  };
  setImmediate(look);
  await work();
  watching = false;
  look();
  return longest;
}

function cpuNowMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
