/** A small run with figures that are easy to follow. */
import type { Results } from '../report/results.js';
import type { Sample } from '../rounds.js';

/** Two rounds; the machine is half as fast in the second. */
const rounds = (perSecond: number, p50Ms = 5): Sample[] =>
  [1, 0.5].map((speed) => ({
    ...{ requests: 1000, seconds: 1, refused: 0, failed: 0, p50Ms: p50Ms / speed, p99Ms: 20 },
    perSecond: perSecond * speed,
    ...{ serverCpuUs: 80, postgresCpuUs: undefined },
  }));

const latency = (p99Ms: number) => ({
  ...{ requests: 100, perSecond: 4000, refused: 0, failed: 0, p50Ms: 1, maxMs: 30 },
  p99Ms,
});

const one = (value: number) => ({ median: value, min: value, max: value });

export const SAMPLE: Results = {
  startedAt: '2026-01-02T03:00:00.000Z',
  finishedAt: '2026-01-02T03:05:00.000Z',
  machine: {
    ...{ cores: 2, cpu: 'a CPU', memoryGb: 8, platform: 'linux x64', node: 'v20.12.0' },
    ...{ postgres: '15.1', redis: '7.0', generator: 'wrk 4.1.0', fsyncUs: 100 },
  },
  settings: { quick: false, rounds: 2, seconds: 1, connections: [64, 256] },
  throughput: {
    'empty@64': rounds(10_000),
    'one-transaction@64': rounds(900),
    'reserve@64': rounds(8000),
    'reserve-hot@64': rounds(5000),
    'empty@256': rounds(12_000),
    'reserve@256': rounds(6000),
  },
  lone: { 'reserve@1': rounds(500, 1), 'one-transaction@1': rounds(250, 2) },
  fixedRate: { ratePerSecond: 4000, cases: { empty: [latency(2)], reserve: [latency(8)] } },
  limiter: {
    limiters: {
      farebox: { perSecond: one(20_000), redisUs: one(14), worstWindow: 1 },
      other: { perSecond: one(40_000), redisUs: one(9), worstWindow: 1.99 },
    },
    fullLog: {
      10: { admittedUs: one(14), deniedUs: one(10) },
      100: { admittedUs: one(30), deniedUs: one(10) },
    },
  },
  memory: {
    ...{ seconds: 240, perSecond: 5000, startMb: 90, endMb: 150, maxMb: 160 },
    ...{ thirdQuarterMb: 150, lastQuarterMb: 151 },
  },
};
