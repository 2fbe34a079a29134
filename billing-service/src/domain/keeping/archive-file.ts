/**
 * The form of a file: a line that says which entries it has and what file came before, a line an entry, and a line with their
 * sums and the SHA-256 of all the lines before it. The first line names the checksum before, so it stands for all files.
 */
import { createHash } from 'node:crypto';
import type { ArchiveFile, ArchiveSums, Span } from '../ports/ledger-archive.js';

const FORM = 'entries 1';

export const fileName = ({ low, high }: Span): string =>
  `entries-${String(low).padStart(13, '0')}-${String(high - 1).padStart(13, '0')}.ndjson.gz`;

/** What was found in a file, or what is wrong with it. */
export type Checked = (Omit<ArchiveFile, 'file'> & ArchiveSums) | { fault: string };

/** Sums lines as they pass. */
class Passing {
  readonly #hash = createHash('sha256');
  rows = 0;
  amount = 0n;
  spent = 0n;
  lastId = -1;

  line(text: string): void {
    this.#hash.update(text).update('\n');
  }

  /** What is wrong with it, if anything. */
  entry(text: string, { low, high }: Span): string | undefined {
    const { id, amount, kind } = JSON.parse(text) as { id: number; amount: number; kind: string };
    if (!Number.isSafeInteger(id) || !Number.isSafeInteger(amount)) return 'a line is no entry';
    if (id <= this.lastId || id < low || id >= high) return `entry ${id} is not at its place`;
    this.lastId = id;
    this.rows += 1;
    this.amount += BigInt(amount);
    if (kind === 'charge' || kind === 'refund') this.spent -= BigInt(amount);
    this.line(text);
    return undefined;
  }

  end(): { rows: number; amount: string; spent: string; sha256: string } {
    const { rows, amount, spent } = this;
    return { rows, amount: String(amount), spent: String(spent), sha256: this.#hash.digest('hex') };
  }
}

/** The lines of a file of these rows. The same rows make the same bytes. */
export async function* fileOf(
  { low, high }: Span,
  previous: string | null,
  rows: AsyncIterable<string[]>,
): AsyncGenerator<string[], void> {
  const passing = new Passing();
  const head = JSON.stringify({ farebox: FORM, low, high, previous });
  passing.line(head);
  yield [head];
  for await (const page of rows) {
    for (const row of page) {
      const fault = passing.entry(row, { low, high });
      if (fault) throw new Error(fault);
    }
    yield page;
  }
  yield [JSON.stringify(passing.end())];
}

/** Reads a file to its end. */
export async function checkFile(pages: AsyncIterable<string[]>): Promise<Checked> {
  const passing = new Passing();
  let head: (Span & { previous: string | null }) | undefined;
  /** The last line is another than the others, and known only when no other follows. */
  let last: string | undefined;
  try {
    for await (const page of pages) {
      for (const line of page) {
        if (last !== undefined) {
          const fault = head ? passing.entry(last, head) : undefined;
          if (fault) return { fault };
          if (!head) {
            head = headOf(last);
            if (!head) return { fault: 'its first line is not that of an archive' };
            passing.line(last);
          }
        }
        last = line;
      }
    }
    if (!head || last === undefined) return { fault: 'it is cut short' };
    const end = passing.end();
    if (last !== JSON.stringify(end)) return { fault: 'its lines are not those that were written' };
    const { low, high, previous } = head;
    const { amount, spent, rows } = passing;
    return { low, high, previous, rows, amount, spent, sha256: end.sha256 };
  } catch (error) {
    return { fault: `it cannot be read: ${(error as Error).message}` };
  }
}

function headOf(line: string): (Span & { previous: string | null }) | undefined {
  const { farebox, low, high, previous } = JSON.parse(line) as Record<string, unknown>;
  const isHead =
    farebox === FORM &&
    Number.isSafeInteger(low) &&
    Number.isSafeInteger(high) &&
    (previous === null || typeof previous === 'string');
  return isHead ? ({ low, high, previous } as Span & { previous: string | null }) : undefined;
}
