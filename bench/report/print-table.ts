import type { Samples } from '../rounds.js';
import { pairedRatio, type Spread, spreadOf } from './ratios.js';

const COLUMNS = [
  'case',
  'calls/s',
  '(min–max)',
  '÷ first',
  '(min–max)',
  'p50 ms',
  'server µs',
  'postgres µs',
];

/** What the samples come to, a line a case; each is also compared with the first case of its connections. */
export function printTable(samples: Samples, say: (line: string) => void): void {
  const rows = Object.entries(samples).map(([name, taken]) => {
    const rates = taken.map(({ perSecond }) => perSecond);
    const first = Object.entries(samples).find(
      ([other]) => other.split('@').at(-1) === name.split('@').at(-1),
    );
    const ratio = pairedRatio(rates, first?.[1].map(({ perSecond }) => perSecond) ?? []);
    const cpu = (of: 'serverCpuUs' | 'postgresCpuUs') => {
      const values = taken.map((sample) => sample[of]).filter((value) => value !== undefined);
      return values.length > 0 ? spreadOf(values).median.toFixed(0) : '–';
    };
    const rate = spreadOf(rates);
    return [
      name,
      rate.median.toFixed(0),
      range(rate, 0),
      ratio?.median.toFixed(3) ?? '–',
      ratio ? range(ratio, 2) : '–',
      spreadOf(taken.map(({ p50Ms }) => p50Ms)).median.toFixed(2),
      cpu('serverCpuUs'),
      cpu('postgresCpuUs'),
    ];
  });
  const widths = COLUMNS.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [COLUMNS, ...rows]) {
    say(
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    );
  }
}

const range = ({ min, max }: Spread, digits: number) => `(${min.toFixed(digits)}–${max.toFixed(digits)})`;
