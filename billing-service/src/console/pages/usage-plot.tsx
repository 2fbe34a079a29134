import type { UsageRow } from '../answers.js';
import { Bars } from '../parts/bars.js';
import type { Visit } from '../visit.js';
import { dayKey } from '../zoned-time.js';
import { HOUR_MS } from './todays-hours.js';

/** More of them would be thinner than a pixel. */
const MAX_BARS = 400;
const HALF_DAY_MS = 12 * HOUR_MS;

interface Props {
  visit: Visit;
  rows: UsageRow[];
  from: string;
  to: string | undefined;
  by: string[];
}

/** Tokens charged by hour or by day, where that is how usage is split. */
export function UsagePlot({ visit, rows, from, to, by }: Props) {
  const { words, show, now } = visit;
  const [step] = by;
  if (by.length > 1 || (step !== 'hour' && step !== 'day') || rows.length === 0) return null;
  const charged = new Map(rows.map((row) => [keyOf(row, step), row.charged]));
  const times = step === 'hour' ? hoursOf(from, to, now) : daysOf(from, to, now);
  if (times.length > MAX_BARS) return null;
  const bars = times.map((at) => {
    const iso = new Date(at).toISOString();
    const label = step === 'hour' ? show.time(iso) : show.day(iso);
    const value = charged.get(step === 'hour' ? String(at) : dayKey(show.zone, at)) ?? 0;
    return { label, value, title: `${label}: ${show.number(value)}` };
  });
  const title = words.chargedBy(words.dimensions[step]);
  return (
    <section class="card">
      <h2>{title}</h2>
      <Bars title={title} bars={bars} />
    </section>
  );
}

const keyOf = (row: UsageRow, step: 'hour' | 'day'): string =>
  step === 'hour' ? String(Date.parse(row.hour ?? '')) : (row.day ?? '');

const hoursOf = (from: string, to: string | undefined, now: number) => stepsOf(from, to, now, HOUR_MS, 0);
/** The middles of the days, which a change of the clocks does not take into another day. */
const daysOf = (from: string, to: string | undefined, now: number) =>
  stepsOf(from, to, now, 2 * HALF_DAY_MS, HALF_DAY_MS);

function stepsOf(
  from: string,
  to: string | undefined,
  now: number,
  stepMs: number,
  shiftMs: number,
): number[] {
  const start = Date.parse(from);
  const end = to === undefined ? now : Date.parse(to);
  const count = Math.max(0, Math.ceil((end - start) / stepMs));
  return Array.from({ length: Math.min(count, MAX_BARS + 1) }, (_, i) => start + i * stepMs + shiftMs);
}
