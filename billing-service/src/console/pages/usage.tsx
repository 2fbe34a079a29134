import type { Usage, UsageRow } from '../answers.js';
import { type Field, Filters } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';
import { dayStart } from '../zoned-time.js';
import { FIGURES } from './usage-figures.js';
import { UsagePlot } from './usage-plot.js';

const PAGE = 500;
const DAY_MS = 86_400_000;
/** How far back it goes, today included; an address may say `from` and `to` instead. */
const DAYS = [1, 7, 30, 90, 365];
const USUAL_DAYS = 30;
const CHOICES = ['day', 'hour', 'month', 'operation', 'tier', 'model', 'user'] as const;
const FILTERS = ['user', 'operation', 'tier', 'model'] as const;
type Dimension = (typeof CHOICES)[number];

/** GET /console/usage: the ledger, summed as the address says. */
export const usagePage: PageHandler = async (visit) => {
  const { api, request, words, show, now } = visit;
  const { query } = request;
  const by = (query.by ?? 'day').split(',').filter((name): name is Dimension => isDimension(name));
  const days = DAYS.find((length) => String(length) === query.days) ?? USUAL_DAYS;
  const from = query.from ?? new Date(dayStart(show.zone, now - (days - 1) * DAY_MS)).toISOString();
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query[name]]));
  const usage = await api.get<Usage>('/usage', {
    ...{ ...filters, from, to: query.to, by: by.join(','), timezone: show.zone, cursor: query.cursor },
    limit: PAGE,
  });
  const list = usageList(visit, usage, by);
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={words.usage} section="usage">
        <Filters
          {...{
            action: '/console/usage',
            submit: words.show,
            fields: choices(visit, query.by ?? 'day', days),
          }}
        />
        <UsagePlot {...{ visit, from, to: query.to, by }} rows={usage.items} />
        <section class="card">
          <ListTable list={list} visit={visit} />
        </section>
        <p class="quiet">{words.usageFrom(show.time(from), query.to ? show.time(query.to) : words.now)}</p>
      </Layout>,
    )
  );
};

const isDimension = (name: string): name is Dimension => (CHOICES as readonly string[]).includes(name);

const SPLITS = [...CHOICES, 'day,operation', 'day,tier', 'tier,operation'];

function choices({ words, request }: Visit, by: string, days: number): Field[] {
  const named = (split: string) =>
    split
      .split(',')
      .map((name) => words.dimensions[name as Dimension])
      .join(', ');
  return [
    {
      ...{ name: 'days', label: words.usageDays, type: 'select', value: String(days) },
      options: DAYS.map((length) => ({ value: String(length), text: String(length) })),
    },
    {
      ...{ name: 'by', label: words.usageBy, type: 'select', value: by },
      options: SPLITS.map((value) => ({ value, text: named(value) })),
    },
    ...FILTERS.map((name): Field => ({ name, label: words.dimensions[name], value: request.query[name] })),
  ];
}

function usageList(visit: Visit, usage: Usage, by: Dimension[]): List<UsageRow> {
  const { words, show } = visit;
  return {
    ...{ id: 'usage', title: words.usage, rows: usage.items, empty: words.nothingYet },
    nextCursor: usage.nextCursor,
    columns: [
      ...by.map((name) => ({
        name: words.dimensions[name],
        place: 'title' as const,
        cell: (row: UsageRow) => {
          const value = row[name] ?? '';
          if (name === 'hour' && value) return { text: show.time(value), at: value };
          return { text: value || '–', href: name === 'user' && value ? hrefOf('users', value) : undefined };
        },
      })),
      ...FIGURES.map((figure) => ({
        name: words.figures[figure],
        isNumber: true,
        cell: (row: UsageRow) => ({ text: show.number(row[figure]), raw: row[figure] }),
      })),
    ],
  };
}
