import { createWriteStream, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { command } from '../command.js';
import { CutOff } from '../cut-off.js';
import { bytes, number } from '../output/figures.js';
import { ProgressBar } from '../output/progress-bar.js';
import { UsageError } from '../usage-error.js';
import { SPAN_OPTIONS, spanOf } from './shared-options.js';

const TABLES = ['users', 'entries', 'reservations', 'payments', 'audit-log'] as const;
const FORMATS = ['ndjson', 'csv'] as const;
/** The first rows of a large table come when it was sorted. */
const BEGIN_WITHIN_MS = 90_000;

export const exportTable = command({
  name: 'export',
  summary: 'Write a whole table to a file, or to stdout: oldest first, as one moment saw it.',
  details: 'A file is there when it is whole: until then what came is in FILE.part.',
  arguments: [{ name: 'table', what: 'Which.', choices: TABLES }],
  options: {
    output: { short: 'o', value: 'FILE', what: 'Where to; without it stdout.' },
    format: {
      value: 'FORMAT',
      what: 'Without it what the file’s name ends with, or ndjson.',
      choices: FORMATS,
    },
    ...SPAN_OPTIONS,
  },
  examples: [
    'export users -o users.csv',
    'export entries --from 2026-11-01 --to 2026-12-01 -o november.ndjson',
  ],
  run: async (context) => {
    const { input, service, terminal } = context;
    const named = input.choice('table', TABLES) ?? 'users';
    const file = input.optional('output');
    const format = input.choice('format', FORMATS) ?? (file?.endsWith('.csv') ? 'csv' : 'ndjson');
    const query = { format, ...spanOf(context) };
    const rows = new RowCount(new ProgressBar(terminal, named), query.to);
    const source = await service.stream(`/export/${named}`, { query }, BEGIN_WITHIN_MS);
    try {
      if (file === undefined) await pipeline(source, rows, process.stdout, { end: false });
      else await toFile(source, rows, file);
    } catch (error) {
      throw cut(error as NodeJS.ErrnoException);
    } finally {
      rows.bar.end();
    }
    const count = format === 'csv' ? Math.max(0, rows.lines - 1) : rows.lines;
    if (file !== undefined) terminal.note(`${file}: ${number(count)} ${named}, ${bytes(rows.bytes)}.`);
  },
});

/** Nobody takes half a table for a whole one: the file gets its name when all of it is on the disk. */
async function toFile(source: Readable, rows: Transform, file: string): Promise<void> {
  const part = `${file}.part`;
  // Also at Ctrl-C, which ends the program at once.
  const remove = () => rmSync(part, { force: true });
  process.once('exit', remove);
  try {
    await pipeline(source, rows, createWriteStream(part, { mode: 0o600 }));
    const written = await open(part, 'r+');
    await written.sync().finally(() => written.close());
    await rename(part, file);
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

function cut(error: NodeJS.ErrnoException): Error {
  if (error.syscall !== undefined && error.path !== undefined)
    return new UsageError(`It cannot be written: ${error.message}`, 'export');
  return new CutOff('The service cut the export off; nothing was kept. Run it again.');
}

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;

/** Counts lines as they pass. Rows come oldest first, so the time in one tells how far it is. */
class RowCount extends Transform {
  lines = 0;
  bytes = 0;
  #first: number | undefined;
  readonly #end: number;

  constructor(
    readonly bar: ProgressBar,
    to: string | undefined,
  ) {
    super();
    this.#end = Math.min(Date.now(), to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to));
  }

  override _transform(piece: Buffer, _: string, done: (error: null, data: Buffer) => void): void {
    this.bytes += piece.length;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) this.lines += 1;
    this.bar.show({ done: this.lines, bytes: this.bytes, share: this.#share(piece) });
    done(null, piece);
  }

  #share(piece: Buffer): number | undefined {
    const [found] = TIME.exec(piece.toString('latin1', Math.max(0, piece.length - 4_000))) ?? [];
    if (found === undefined) return undefined;
    const time = Date.parse(found);
    this.#first ??= time;
    const span = this.#end - this.#first;
    return span > 0 ? Math.min(1, Math.max(0, (time - this.#first) / span)) : undefined;
  }
}
