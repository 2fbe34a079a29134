/** Stretches of time cut at whole days, months and years, all of them UTC. */

/** Whole hours: from ≤ t < to. */
export interface Span {
  from: number;
  to: number;
}

export type Unit = 'hour' | 'day' | 'month' | 'year';

/** The beginning of the unit that `ms` lies in, or of a later or earlier one. */
export function unitFrom(unit: Unit, ms: number, later = 0): number {
  const at = new Date(ms);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  if (unit === 'year') return Date.UTC(year + later, 0, 1);
  if (unit === 'month') return Date.UTC(year, month + later, 1);
  if (unit === 'day') return Date.UTC(year, month, day + later);
  return Date.UTC(year, month, day, at.getUTCHours() + later);
}

/** The whole units of a span, and what is left at its ends. */
export function cut({ from, to }: Span, unit: Unit): { middle: Span[]; edges: Span[] } {
  const began = unitFrom(unit, from);
  const first = began === from ? from : unitFrom(unit, from, 1);
  const last = unitFrom(unit, to);
  if (first >= last) return { middle: [], edges: [{ from, to }] };
  const edges = [
    { from, to: first },
    { from: last, to },
  ];
  return { middle: [{ from: first, to: last }], edges: edges.filter((edge) => edge.from < edge.to) };
}

export interface PartOfYears extends Span {
  unit: 'month' | 'year';
  isTakenOff?: boolean;
}

/** Whole months as few sums: years, and of a year that is not whole its months, or the year without its others. */
export function yearsOf(months: Span): PartOfYears[] {
  const { middle, edges } = cut(months, 'year');
  const years = middle.map((span) => ({ unit: 'year' as const, ...span }));
  return [...years, ...edges.flatMap(partOfYear)];
}

const HALF_YEAR_MS = 184 * 24 * 3_600_000;

function partOfYear(months: Span): PartOfYears[] {
  const year = { from: unitFrom('year', months.from), to: unitFrom('year', months.from, 1) };
  // The ends of two years, and nothing whole between them.
  if (months.to > year.to) {
    return [
      { from: months.from, to: year.to },
      { from: year.to, to: months.to },
    ].flatMap(partOfYear);
  }
  if (months.to - months.from <= HALF_YEAR_MS) return [{ unit: 'month', ...months }];
  const others = [
    { from: year.from, to: months.from },
    { from: months.to, to: year.to },
  ].filter(({ from, to }) => from < to);
  return [
    { unit: 'year', ...year },
    ...others.map((span) => ({ unit: 'month' as const, ...span, isTakenOff: true })),
  ];
}
