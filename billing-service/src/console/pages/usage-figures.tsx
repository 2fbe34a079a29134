import type { Usage, UsageRow } from '../answers.js';
import { withQuery } from '../api.js';
import { Bars } from '../parts/bars.js';
import type { Visit } from '../visit.js';
import { dayStart } from '../zoned-time.js';

/** Of a row of usage, in the order in which an operator looks at them. */
export const FIGURES = [
  ...(['charged', 'commits', 'granted', 'refunded', 'expired', 'uncollected'] as const),
  ...(['revoked', 'adjusted'] as const),
];
const ON_TODAY = FIGURES.slice(0, 6);
const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

export interface TodaysUsage {
  today: UsageRow | undefined;
  lastWeek: UsageRow | undefined;
  hours: UsageRow[];
  from: string;
}

/** Today as far as it has come, and the same hours a week ago. */
export async function todaysUsage({ api, show, now }: Visit): Promise<TodaysUsage> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const start = dayStart(show.zone, now);
  const startBefore = dayStart(show.zone, now - WEEK_MS);
  const hoursBegun = Math.max(1, Math.ceil((now - start) / HOUR_MS));
  const from = iso(start);
  const [today, lastWeek, hours] = await Promise.all([
    api.get<Usage>('/usage', { from }),
    api.get<Usage>('/usage', { from: iso(startBefore), to: iso(startBefore + hoursBegun * HOUR_MS) }),
    api.get<Usage>('/usage', { from, by: 'hour' }),
  ]);
  return { today: today.items[0], lastWeek: lastWeek.items[0], hours: hours.items, from };
}

export function UsageFigures({ visit, usage }: { visit: Visit; usage: TodaysUsage }) {
  const { words, show } = visit;
  return (
    <>
      <div class="figures">
        {ON_TODAY.map((figure) => (
          <a class="figure" href={withQuery('/console/usage', { by: 'hour', from: usage.from })}>
            <span>{words.figures[figure]}</span>
            <strong>{show.number(usage.today?.[figure] ?? 0)}</strong>
            <small>{words.lastWeek(show.number(usage.lastWeek?.[figure] ?? 0))}</small>
          </a>
        ))}
      </div>
      {usage.hours.length > 0 && (
        <section class="card">
          <h2>{words.chargedByHour}</h2>
          <Bars title={words.chargedByHour} bars={hourBars(visit, usage)} />
        </section>
      )}
    </>
  );
}

/** Every hour of the day so far: an hour without entries has no row, and is an empty place in the plot. */
function hourBars({ show, now }: Visit, { hours, from }: TodaysUsage) {
  const charged = new Map(hours.map((row) => [Date.parse(row.hour ?? ''), row.charged]));
  const start = Date.parse(from);
  return Array.from({ length: Math.max(1, Math.ceil((now - start) / HOUR_MS)) }, (_, i) => {
    const at = start + i * HOUR_MS;
    const value = charged.get(at) ?? 0;
    const label = show.clock(new Date(at).toISOString());
    return { label, value, title: `${label}: ${show.number(value)}` };
  });
}
