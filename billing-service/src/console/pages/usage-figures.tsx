import type { Usage, UsageRow } from '../answers.js';
import { withQuery } from '../api.js';
import { Bars } from '../parts/bars.js';
import type { Visit } from '../visit.js';
import { Figure } from './today-figures.js';
import { HOUR_MS, type Hours, todaysHours } from './todays-hours.js';

/** Of a row of usage, in the order in which an operator looks at them. */
export const FIGURES = [
  ...(['charged', 'commits', 'granted', 'refunded', 'expired', 'uncollected'] as const),
  ...(['revoked', 'adjusted'] as const),
];
const ON_TODAY = FIGURES.slice(0, 6);

interface OfHours extends Hours {
  sum: UsageRow | undefined;
  hours: UsageRow[];
}

export interface TodaysUsage {
  today: OfHours;
  lastWeek: OfHours;
}

/** Today as far as it has come, and the same hours a week ago. */
export async function todaysUsage(visit: Visit): Promise<TodaysUsage> {
  const { today, lastWeek } = todaysHours(visit);
  const [now, then] = await Promise.all([usageOf(visit, today), usageOf(visit, lastWeek)]);
  return { today: now, lastWeek: then };
}

async function usageOf({ api }: Visit, hours: Hours): Promise<OfHours> {
  const [sum, byHour] = await Promise.all([
    api.get<Usage>('/usage', { ...hours }),
    api.get<Usage>('/usage', { ...hours, by: 'hour' }),
  ]);
  return { ...hours, sum: sum.items[0], hours: byHour.items };
}

export function UsageFigures({ visit, usage: { today, lastWeek } }: { visit: Visit; usage: TodaysUsage }) {
  const { words, show } = visit;
  const href = withQuery('/console/usage', { by: 'hour', from: today.from, to: today.to });
  return (
    <>
      <div class="figures">
        {ON_TODAY.map((figure) => (
          <Figure
            {...{ name: words.figures[figure], href, value: show.number(today.sum?.[figure] ?? 0) }}
            note={words.lastWeek(show.number(lastWeek.sum?.[figure] ?? 0))}
          />
        ))}
      </div>
      {today.hours.length + lastWeek.hours.length > 0 && (
        <section class="card">
          <h2>{words.chargedByHour}</h2>
          <Bars title={words.chargedByHour} bars={hourBars(visit, today, lastWeek)} />
          {lastWeek.hours.length > 0 && <small>{words.asAWeekAgo}</small>}
        </section>
      )}
    </>
  );
}

const HOURS_A_DAY = 24;

/** Every hour of the day: one without entries has no row, and is an empty place in the plot. */
function hourBars({ show, words }: Visit, today: OfHours, lastWeek: OfHours) {
  const valueAt = ({ hours, from }: OfHours, i: number) => {
    const at = Date.parse(from) + i * HOUR_MS;
    return hours.find(({ hour }) => Date.parse(hour ?? '') === at)?.charged ?? 0;
  };
  const start = Date.parse(today.from);
  const count = Math.min(HOURS_A_DAY + 1, Math.round((Date.parse(today.to) - start) / HOUR_MS));
  return Array.from({ length: count }, (_, i) => {
    const [value, before] = [valueAt(today, i), valueAt(lastWeek, i)];
    const label = show.clock(new Date(start + i * HOUR_MS).toISOString());
    return {
      ...{ label, value, before },
      title: `${label}: ${show.number(value)}, ${words.lastWeek(show.number(before))}`,
    };
  });
}
