import { open } from 'node:fs/promises';
import { UsageError } from '../usage-error.js';
import { csvRows } from './csv-rows.js';
import { linesOf, textOf } from './text-lines.js';
import { membersOf, type Translation, translated, userOfRow } from './user-of-row.js';

export interface LinesToImport {
  /** Of the file. */
  bytes: number;
  bytesRead(): number;
  /** One JSON object a line, as the service takes it. */
  lines: AsyncGenerator<string, void>;
  /** Which line of the file the service means by this one of its own. */
  lineOfFile(sent: number): number;
}

export async function linesToImport(
  path: string,
  format: 'csv' | 'ndjson',
  how: Translation,
): Promise<LinesToImport> {
  const file = await open(path).catch((error: Error) => {
    throw new UsageError(`The file cannot be read: ${error.message}`, 'import');
  });
  const { size } = await file.stat();
  const source = file.createReadStream();
  // Lines of the file by those that were sent; each differs from the one before by one, but where a cell has a line break.
  const jumps: { sent: number; line: number }[] = [];
  const text = textOf(source);
  const lines = format === 'csv' ? fromCsv(text, how, jumps) : fromJson(text, how);
  return {
    bytes: size,
    bytesRead: () => source.bytesRead,
    lines,
    lineOfFile: (sent) => {
      const before = jumps.findLast((jump) => jump.sent <= sent);
      return before ? before.line + sent - before.sent : sent;
    },
  };
}

async function* fromCsv(
  source: AsyncIterable<string>,
  how: Translation,
  jumps: { sent: number; line: number }[],
): AsyncGenerator<string, void> {
  let members: (string | undefined)[] | undefined;
  let sent = 0;
  let expected = 0;
  for await (const { line, cells } of csvRows(source)) {
    if (members === undefined) {
      members = membersOf(cells, how);
      if (!members.includes('user') && !how.defaults.has('user'))
        throw new UsageError(
          `No column names the user; there are: ${cells.join(', ')}. Say which with --map COLUMN=user`,
          'import',
        );
    } else if (cells.some((cell) => cell.trim() !== '')) {
      sent += 1;
      if (line !== expected) jumps.push({ sent, line });
      expected = line + 1;
      yield `${JSON.stringify(userOfRow(cells, members, how))}\n`;
    }
  }
}

/** Lines are counted as they are in the file, so blank ones go along. */
async function* fromJson(source: AsyncIterable<string>, how: Translation): AsyncGenerator<string, void> {
  const isTranslated = how.defaults.size > 0 || how.tiers.size > 0;
  for await (const line of linesOf(source)) yield `${isTranslated ? lineAs(line, how) : line}\n`;
}

function lineAs(line: string, how: Translation): string {
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said === 'object' && said !== null && !Array.isArray(said))
      return JSON.stringify(translated(said as Record<string, unknown>, how));
  } catch {
    // The service says what is wrong with it.
  }
  return line;
}
