/** What is to be reached (ratios of one run, so that they hold on any machine), and whether a run reached it. */

import type { Samples } from '../rounds.js';
import { pairedRatio, type Spread, spreadOf } from './ratios.js';
import type { Results } from './results.js';

export interface GoalLine {
  figure: string;
  goal: string;
  /** As measured; undefined where the run left it out. */
  measured: Spread | undefined;
  unit: '' | ' ms' | ' µs' | ' MB';
  reached: boolean | undefined;
}

type Bound = ['≥' | '≤', number];

const RESIDENT_MB = 200;
/** How much more the last quarter of a long run may take than the third: beyond it, memory is still growing. */
const FLAT = 1.05;
const LONG_RUN_S = 120;

export function goalLines(results: Results): GoalLine[] {
  const { settings, throughput = {}, lone = {}, large = {} } = results;
  const at = (name: string) => `${name}@${settings.connections[0]}`;
  const rates = (over: string, under: string) => ratioOfRates(throughput, at(over), at(under));
  const inLarge = (over: string) => ratioOfRates(large, at(over), at('reserve'));
  return [
    ...settings.connections.map((count) => {
      const ratio = ratioOfRates(throughput, `reserve@${count}`, `empty@${count}`);
      return line(`reserve ÷ empty route, ${count} connections`, ['≥', 0.75], ratio);
    }),
    line('whole life: calls/s ÷ empty route', ['≥', 0.7], rates('life', 'empty')),
    line('reserve ÷ one-transaction design', ['≥', 10], rates('reserve', 'one-transaction')),
    line('limits/check ÷ empty route', ['≥', 0.8], rates('check', 'empty')),
    line('reserve with checkLimits ÷ reserve', ['≥', 0.75], rates('reserve-limits', 'reserve')),
    line('one hot user ÷ spread users (reserve)', ['≥', 0.7], rates('reserve-hot', 'reserve')),
    line('1 M users + 10 M entries ÷ 10 k users, 10 k active', ['≥', 0.9], inLarge('large-reserve')),
    line('1 M users + 10 M entries ÷ 10 k users, all active', ['≥', 0.9], inLarge('large-reserve-all')),
    ...latencyLines(results),
    line(
      'a lone request: p50 ÷ one-transaction design',
      ['≤', 1],
      pairedRatio(p50s(lone, 'reserve@1'), p50s(lone, 'one-transaction@1')),
    ),
    ...([10, 100] as const).map((limit) =>
      line(
        `limiter’s script in Redis, full log at limit ${limit}`,
        ['≤', limit === 10 ? 15 : 26],
        results.limiter?.fullLog[limit].admittedUs,
        ' µs',
      ),
    ),
    ...memoryLines(results),
  ];
}

function latencyLines({ fixedRate }: Results): GoalLine[] {
  const p99s = (name: string) => fixedRate?.cases[name]?.map(({ p99Ms }) => p99Ms) ?? [];
  const [reserve, empty] = [p99s('reserve'), p99s('empty')];
  const p99 = reserve.length > 0 ? spreadOf(reserve) : undefined;
  return [
    line('p99 of reserve at half of its maximum rate', ['≤', 10], p99, ' ms'),
    line('that p99 ÷ the empty route’s at the same rate', ['≤', 3], pairedRatio(reserve, empty)),
  ];
}

function memoryLines({ memory }: Results): GoalLine[] {
  const one = (value: number | undefined): Spread | undefined =>
    value === undefined ? undefined : { median: value, min: value, max: value };
  // In a short run the heap is still growing to its working size.
  const isLong = memory !== undefined && memory.seconds >= LONG_RUN_S;
  const growth = isLong ? memory.lastQuarterMb / memory.thirdQuarterMb : undefined;
  return [
    line('resident memory, longest run', ['≤', RESIDENT_MB], one(memory?.maxMb), ' MB'),
    line('its last quarter ÷ the third (flat)', ['≤', FLAT], one(growth)),
  ];
}

/** The median decides. */
function line(
  figure: string,
  [comparison, bound]: Bound,
  measured: Spread | undefined,
  unit: GoalLine['unit'] = '',
): GoalLine {
  const reached = measured && (comparison === '≥' ? measured.median >= bound : measured.median <= bound);
  return { figure, goal: `${comparison} ${bound}${unit}`, measured, unit, reached };
}

const ratioOfRates = (samples: Samples, over: string, under: string): Spread | undefined => {
  const rates = (name: string) => samples[name]?.map(({ perSecond }) => perSecond) ?? [];
  return pairedRatio(rates(over), rates(under));
};

const p50s = (samples: Samples, name: string): number[] => samples[name]?.map(({ p50Ms }) => p50Ms) ?? [];
