/** The results as a picture, a bar per case. Drawn by hand: it needs no library, and reads well in light and dark. */
import { CASES, type Case } from '../cases.js';
import { pairedRatio, spreadOf } from './ratios.js';
import type { Results } from './results.js';

const WIDTH = 860;
const LEFT = 250;
const RIGHT = 165;
const TOP = 104;
const ROW = 34;
const BAR = 20;
const BOTTOM = 52;
/** Between ceiling, baselines, Farebox and embedded. */
const GAP = 14;

/** Ceiling, baselines, Farebox, Farebox without Postgres and Redis. */
type Group = 'ceiling' | 'baseline' | 'farebox' | 'embedded';

const STYLE = `
  .card { fill: #ffffff; stroke: #d0d7de; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .soft { fill: #59636e; font-size: 12px; }
  .value { font-weight: 600; font-variant-numeric: tabular-nums; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .whisker { stroke: #1f2328; stroke-width: 1.5; opacity: 0.55; }
  .ceiling { fill: #afb8c1; } .baseline { fill: #d4a72c; } .farebox { fill: #1a7f64; } .embedded { fill: #6cb8a0; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #151b23; stroke: #3d444d; }
    text { fill: #e6edf3; }
    .soft { fill: #9198a1; }
    .grid { stroke: #2f3742; }
    .whisker { stroke: #e6edf3; }
    .ceiling { fill: #656c76; } .baseline { fill: #bb8009; } .farebox { fill: #2ea583; } .embedded { fill: #1f6f58; }
  }`;

interface Row {
  title: string;
  group: Group;
  rate: { median: number; min: number; max: number };
  ofCeiling: number | undefined;
}

/** At the first number of connections; an SVG file's text. */
export function plot(results: Results): string {
  const { settings, machine } = results;
  const rows = rowsOf(results);
  const ys = placesOf(rows);
  const height = (ys.at(-1) ?? TOP) + ROW + BOTTOM;
  const top = niceCeiling(Math.max(1, ...rows.map(({ rate }) => rate.max)));
  const x = (value: number) => round(LEFT + (value / top) * (WIDTH - LEFT - RIGHT));
  const where = `${machine.cores} cores for the service, Postgres, Redis and the load (${machine.generator})`;
  const how = `medians of ${settings.rounds} rounds, lines from least to most; × as a share of the empty route in the same rounds`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Calls a second by design">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    `<text class="title" x="24" y="34">Calls a second, ${settings.connections[0]} connections</text>`,
    `<text class="soft" x="24" y="55">${escaped(where)}</text>`,
    `<text class="soft" x="24" y="72">${escaped(how)}</text>`,
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => gridLine(x(share * top), share * top, height)),
    ...rows.flatMap((row, i) => bar(row, ys[i] as number, x)),
    '</svg>',
    '',
  ].join('\n');
}

function placesOf(rows: readonly Row[]): number[] {
  let y = TOP - ROW;
  return rows.map(({ group }, i) => {
    y += ROW + (i > 0 && rows[i - 1]?.group !== group ? GAP : 0);
    return y;
  });
}

function gridLine(x: number, value: number, height: number): string[] {
  const bottom = height - BOTTOM + 8;
  return [
    `<line class="grid" x1="${x}" y1="${TOP - 10}" x2="${x}" y2="${bottom}"/>`,
    `<text class="soft" x="${x}" y="${bottom + 18}" text-anchor="middle">${grouped(value)}</text>`,
  ];
}

function bar({ title, group, rate, ofCeiling }: Row, y: number, x: (value: number) => number): string[] {
  const [start, end, middle] = [x(0), x(rate.median), y + BAR / 2];
  const ratio = group === 'ceiling' || ofCeiling === undefined ? '' : ` × ${ofCeiling.toFixed(2)}`;
  return [
    `<text x="${LEFT - 12}" y="${middle + 4.5}" text-anchor="end">${escaped(title)}</text>`,
    `<rect class="${group}" x="${start}" y="${y}" width="${round(Math.max(1, end - start))}" height="${BAR}" rx="3"/>`,
    `<line class="whisker" x1="${x(rate.min)}" y1="${middle}" x2="${x(rate.max)}" y2="${middle}"/>`,
    `<text class="value" x="${round(Math.max(end, x(rate.max)) + 10)}" y="${middle + 4.5}">${grouped(rate.median)}/s<tspan class="soft" dx="6">${ratio}</tspan></text>`,
  ];
}

function rowsOf({ throughput = {}, settings }: Results): Row[] {
  const rates = (name: string) =>
    throughput[`${name}@${settings.connections[0]}`]?.map(({ perSecond }) => perSecond) ?? [];
  return CASES.filter(({ name }) => rates(name).length > 0).map((one) => ({
    title: one.title,
    group: groupOf(one),
    rate: spreadOf(rates(one.name)),
    ofCeiling: pairedRatio(rates(one.name), rates('empty'))?.median,
  }));
}

function groupOf({ server }: Case): Group {
  if (server === 'empty-route') return 'ceiling';
  if (server === 'one-transaction' || server === 'in-bot-flow') return 'baseline';
  return server === 'embedded' ? 'embedded' : 'farebox';
}

/** The next number whose quarters are round too. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8].find((factor) => factor * power >= value) ?? 10);
}

const round = (value: number) => Math.round(value * 10) / 10;
const grouped = (value: number) => Math.round(value).toLocaleString('en-US');
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
