/** The part of bench/README.md that a results' file decides. */
import { CASES, LARGE_CASES } from '../cases.js';
import type { Samples } from '../rounds.js';
import { type GoalLine, goalLines } from './goals.js';
import { pairedRatio, type Spread, spreadOf } from './ratios.js';
import type { Results } from './results.js';

/** @param name of the results' file, without .json */
export function readmeSection(results: Results, name: string): string {
  return [
    intro(results, name),
    `![Calls a second by design](results/${name}.svg)`,
    '### Goals',
    goalTable(goalLines(results)),
    '### Throughput',
    throughputTable(results),
    ...(results.large ? ['### A long ledger', largeTable(results.large)] : []),
    ...(results.limiter ? ['### The limiter alone', limiterTable(results.limiter)] : []),
    ...closing(results),
  ].join('\n\n');
}

function intro({ machine, settings, startedAt, finishedAt }: Results, name: string): string {
  const minutes = Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000);
  const kind = settings.quick ? 'A quick run' : 'A full run';
  return (
    `${kind} of ${startedAt.slice(0, 10)} ([results/${name}.json](results/${name}.json), ${minutes} minutes): ` +
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node.slice(1)}, ` +
    `Postgres ${machine.postgres}, Redis ${machine.redis}, load by ${machine.generator}, everything on this one ` +
    `machine; 8 KB written and synced in ${machine.fsyncUs} µs. ${settings.rounds} rounds of ${settings.seconds} s; ` +
    'medians, in brackets the least and the most.'
  );
}

function goalTable(lines: readonly GoalLine[]): string {
  const row = ({ figure, goal, measured, unit, reached }: GoalLine) =>
    `| ${figure} | ${goal} | ${measured ? spread(measured, digits(measured), unit) : '–'} | ${verdict(reached)} |`;
  return ['| figure | goal | measured | |', '| --- | --- | --- | --- |', ...lines.map(row)].join('\n');
}

const verdict = (reached: boolean | undefined) =>
  reached === undefined ? 'not measured in this run' : reached ? 'reached' : '**not reached**';

/** Enough to tell a figure from its goal. */
const digits = ({ median }: Spread) => (median >= 100 ? 0 : median >= 10 ? 1 : median >= 2 ? 2 : 3);

function throughputTable({ throughput = {}, settings }: Results): string {
  const head = ['', ...settings.connections.flatMap((n) => [`${n} connections`, '÷ empty'])];
  const rows = CASES.map(({ name, title }) => {
    const cells = settings.connections.flatMap((n) => rateCells(throughput, `${name}@${n}`, `empty@${n}`));
    const first = throughput[`${name}@${settings.connections[0]}`];
    return { cells: [title, ...cells, ...cpuCells(first)], isMeasured: cells.some((cell) => cell !== '–') };
  }).filter(({ isMeasured }) => isMeasured);
  return table(
    [...head, 'service µs', 'Postgres µs'],
    rows.map(({ cells }) => cells),
  );
}

function largeTable(large: Samples): string {
  const names = Object.keys(large);
  const connections = names[0]?.split('@').at(-1);
  const rows = LARGE_CASES.map(({ name, title }) => {
    const base = name.includes('life') ? 'life' : 'reserve';
    return [title, ...rateCells(large, `${name}@${connections}`, `${base}@${connections}`)];
  });
  return table(['', 'calls/s', '÷ 10 k users'], rows);
}

function limiterTable({ limiters }: NonNullable<Results['limiter']>): string {
  const rows = Object.entries(limiters).map(([name, { perSecond, redisUs, worstWindow }]) => [
    name,
    spread(perSecond, 0),
    spread(redisUs, 1),
    `${worstWindow.toFixed(2)} × the limit`,
  ]);
  return table(['', 'decisions/s', 'µs in Redis', 'admitted in the worst rolling window'], rows);
}

function closing({ fixedRate, memory, audit }: Results): string[] {
  const lines: string[] = [];
  if (fixedRate) {
    const of = (name: string) =>
      spread(spreadOf(fixedRate.cases[name]?.map(({ p99Ms }) => p99Ms) ?? [0]), 1, ' ms');
    lines.push(
      `At ${fixedRate.ratePerSecond} requests a second, due at fixed times: p99 of reserve ${of('reserve')}, of the empty route ${of('empty')}.`,
    );
  }
  if (memory) {
    const mb = (value: number) => `${Math.round(value)} MB`;
    lines.push(
      `Resident memory of the service over ${memory.seconds} s of whole lives at ${grouped(memory.perSecond)}/s: ` +
        `${mb(memory.startMb)} at the start, ${mb(memory.maxMb)} at most, ${mb(memory.endMb)} at the end.`,
    );
  }
  if (audit) {
    lines.push(
      `After it all \`GET /audit\` found ${audit.mismatches} mismatches in ${grouped(audit.accounts)} accounts and ${grouped(audit.entries)} entries.`,
    );
  }
  return lines;
}

function rateCells(samples: Samples, name: string, under: string): string[] {
  const rates = (of: string) => samples[of]?.map(({ perSecond }) => perSecond) ?? [];
  if (rates(name).length === 0) return ['–', '–'];
  const ratio = pairedRatio(rates(name), rates(under));
  return [spread(spreadOf(rates(name)), 0), ratio ? spread(ratio, 2) : '–'];
}

/** CPU time a call; Postgres' includes its background work. */
function cpuCells(samples: Samples[string] = []): string[] {
  return (['serverCpuUs', 'postgresCpuUs'] as const).map((of) => {
    const values = samples.flatMap((sample) => sample[of] ?? []);
    return values.length > 0 ? grouped(spreadOf(values).median) : '–';
  });
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function spread({ median, min, max }: Spread, places: number, unit = ''): string {
  const number = (value: number) => (places === 0 ? grouped(value) : value.toFixed(places));
  return min === max
    ? `${number(median)}${unit}`
    : `${number(median)}${unit} (${number(min)}–${number(max)})`;
}

const grouped = (value: number) => Math.round(value).toLocaleString('en-US');
