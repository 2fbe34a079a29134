import { UsageError } from '../usage-error.js';

export interface CsvRow {
  /** Of the file, where it begins, from 1. */
  line: number;
  cells: string[];
}

/** A row that has no end is a quote that has none: the rest of the file is not kept waiting for it. */
const MAX_ROW = 1_000_000;
const SEPARATORS = [',', ';', '\t'];

/** RFC 4180, with the separator that the first line has most of. Cells may hold line breaks. */
export async function* csvRows(pieces: AsyncIterable<string>): AsyncGenerator<CsvRow, void> {
  let separator: string | undefined;
  let line = 1;
  let row: CsvRow = { line, cells: [] };
  let cell = '';
  let size = 0;
  let isQuoted = false;
  /** A quote inside quotes: the end, or one half of a quote that is meant. */
  let mayEnd = false;
  let left = '';
  for await (const piece of pieces) {
    let text = left.concat(piece);
    left = '';
    if (separator === undefined) {
      text = text.replace(/^\ufeff/, '');
      const end = text.indexOf('\n');
      if (end < 0 && text.length < MAX_ROW) {
        left = text;
        continue;
      }
      separator = separatorOf(text.slice(0, end < 0 ? undefined : end));
    }
    for (const letter of text) {
      if (letter === '\n') line += 1;
      size += 1;
      if (size > MAX_ROW)
        throw new UsageError(`Line ${row.line} of the file has no end: is a quote open?`, 'import');
      if (mayEnd) {
        mayEnd = false;
        isQuoted = letter === '"';
        if (isQuoted) {
          cell += '"';
          continue;
        }
      }
      if (isQuoted) {
        if (letter === '"') mayEnd = true;
        else cell += letter;
      } else if (letter === '"' && cell === '') isQuoted = true;
      else if (letter === separator) {
        row.cells.push(cell);
        cell = '';
      } else if (letter === '\n') {
        row.cells.push(cell.replace(/\r$/, ''));
        yield row;
        row = { line, cells: [] };
        cell = '';
        size = 0;
      } else cell += letter;
    }
  }
  if (left !== '') yield* csvRows(once(`${left}\n`));
  else if (cell !== '' || row.cells.length > 0)
    yield { ...row, cells: [...row.cells, cell.replace(/\r$/, '')] };
}

async function* once(text: string): AsyncGenerator<string, void> {
  yield text;
}

const separatorOf = (header: string): string =>
  SEPARATORS.map((one) => ({ one, count: header.split(one).length })).toSorted((a, b) => b.count - a.count)[0]
    ?.one ?? ',';
