import type { Terminal } from './terminal.js';
import { cutTo, harmless, textWidth } from './text-width.js';

export interface Column<Row> {
  title: string;
  of(row: Row): string;
  right?: true;
  paint?(text: string, row: Row): string;
}

const GAP = '  ';
/** However narrow the screen is. */
const LEAST_WIDTH = 8;

/** Aligned columns; the last of them is cut where the screen ends. Columns in which no row has anything are left out. */
export function table<Row>(
  terminal: Terminal,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string[] {
  const cells = rows.map((row) => columns.map((column) => harmless(column.of(row))));
  const shown = columns
    .map((column, at) => ({ column, at }))
    .filter(({ at }) => cells.some((line) => line[at] !== ''));
  const widths = shown.map(({ column, at }) =>
    Math.max(textWidth(column.title), ...cells.map((line) => textWidth(line[at] ?? ''))),
  );
  const last = widths.length - 1;
  if (terminal.width !== undefined && last > 0) {
    const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
    widths[last] = Math.min(widths[last] ?? 0, Math.max(LEAST_WIDTH, terminal.width - before));
  }
  const line = (texts: string[], paint: (text: string, i: number) => string): string =>
    texts
      .map((text, i) => {
        const cut = cutTo(text, widths[i] ?? 0);
        const blanks = ' '.repeat(Math.max(0, (widths[i] ?? 0) - textWidth(cut)));
        if (shown[i]?.column.right) return blanks + paint(cut, i);
        return paint(cut, i) + (i === last ? '' : blanks);
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      shown.map(({ column }) => column.title),
      (text) => terminal.paint.dim(text),
    ),
    ...rows.map((row, r) =>
      line(
        shown.map(({ at }) => cells[r]?.[at] ?? ''),
        (text, i) => shown[i]?.column.paint?.(text, row) ?? text,
      ),
    ),
  ];
}

/** Names and what they are, one below the other; those without anything are left out. */
export function facts(
  terminal: Terminal,
  lines: readonly [name: string, text: string | undefined][],
): string[] {
  const said = lines.filter((line): line is [string, string] => Boolean(line[1]));
  const width = Math.max(0, ...said.map(([name]) => textWidth(name)));
  return said.map(([name, text]) => {
    const blanks = ' '.repeat(width - textWidth(name));
    return `${terminal.paint.dim(name)}${blanks}${GAP}${text}`;
  });
}
