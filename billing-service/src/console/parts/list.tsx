import { withQuery } from '../api.js';
import type { ConsoleReply } from '../exchange.js';
import type { Visit } from '../visit.js';

export interface Cell {
  text?: string;
  /** In place of a text: several. */
  lines?: string[];
  href?: string | undefined;
  /** Lines that are shown when asked for. */
  folded?: { summary: string; lines: string[] };
  /** Small, below. */
  note?: string | undefined;
  tone?: 'good' | 'bad' | 'quiet' | undefined;
  /** What the CSV has in place of `text`. */
  raw?: string | number | null;
  /** A time, for machines. */
  at?: string;
}

export interface Column<T> {
  name: string;
  /** On a phone: what the row is about, the figure beside it, or below without its name; absent: below with it. */
  place?: 'title' | 'side' | 'plain';
  isNumber?: boolean;
  cell(row: T): Cell;
}

export interface List<T> {
  /** Of the element and of the file. */
  id: string;
  title: string;
  columns: Column<T>[];
  rows: T[];
  empty: string;
  nextCursor?: string | undefined;
}

/** A table on a desk; on a phone two lines a row. */
export function ListTable<T>({ list, visit }: { list: List<T>; visit: Visit }) {
  const { words, request } = visit;
  if (list.rows.length === 0) return <p class="empty">{list.empty}</p>;
  const here = hereOf(visit);
  return (
    <div>
      <table class="list">
        <caption class="unseen">{list.title}</caption>
        <thead>
          <tr>
            {list.columns.map(({ name, isNumber }) => (
              <th scope="col" class={isNumber ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <tr>
              {list.columns.map((column) => (
                <td class={classOf(column)} data-name={column.name}>
                  <CellView cell={column.cell(row)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="below">
        <a href={withQuery(here, { ...request.query, format: 'csv', list: list.id })} download>
          CSV
        </a>
        {list.nextCursor && (
          <a href={withQuery(here, { ...request.query, cursor: list.nextCursor, done: undefined })}>
            {words.next}
          </a>
        )}
        {request.query.cursor && (
          <a href={withQuery(here, { ...request.query, cursor: undefined, done: undefined })}>
            {words.first}
          </a>
        )}
      </p>
    </div>
  );
}

const classOf = <T,>({ isNumber, place }: Column<T>): string =>
  [isNumber && 'number', place].filter(Boolean).join(' ');

function CellView({ cell: { text = '', lines = [], folded, href, note, tone, at } }: { cell: Cell }) {
  const shown = at ? <time dateTime={at}>{text}</time> : text;
  return (
    <span class={tone}>
      {href ? <a href={href}>{shown}</a> : shown}
      {lines.map((one) => (
        <small>{one}</small>
      ))}
      {folded && (
        <details class="folded">
          <summary>{folded.summary}</summary>
          {folded.lines.map((one) => (
            <small>{one}</small>
          ))}
        </details>
      )}
      {note && <small>{note}</small>}
    </span>
  );
}

const hereOf = ({ request }: Visit): string =>
  `/console${request.path.map((part) => `/${encodeURIComponent(part)}`).join('')}`;

/** The same rows and columns, with numbers and times as programs read them. */
export function csvOf<T>(list: List<T>): ConsoleReply {
  const rows = list.rows.map((row) => list.columns.map((column) => rawOf(column.cell(row))));
  const lines = [list.columns.map(({ name }) => name), ...rows].map((row) => row.map(csvField).join(','));
  return {
    status: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${list.id}.csv"`,
      'cache-control': 'no-store',
    },
    body: `\ufeff${lines.join('\r\n')}\r\n`,
  };
}

const rawOf = ({ raw, at, text, lines, folded }: Cell): string | number | null =>
  raw !== undefined ? raw : (at ?? (lines ?? folded?.lines)?.join('; ') ?? text ?? '');

/** A text that a spreadsheet would take for a formula becomes text. */
function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What `?format=csv` asks for, of the lists that a page shows. */
// biome-ignore lint/suspicious/noExplicitAny: lists of different rows stand side by side here.
export function csvAsked({ request }: Visit, ...lists: List<any>[]): ConsoleReply | null {
  if (request.query.format !== 'csv') return null;
  const list = lists.find(({ id }) => id === request.query.list) ?? lists[0];
  return list ? csvOf(list) : null;
}
