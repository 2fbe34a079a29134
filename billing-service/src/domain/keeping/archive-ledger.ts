import type { ArchiveFolder, LedgerArchive, OldestPart, PartSums } from '../ports/ledger-archive.js';
import { checkFile, fileName, fileOf } from './archive-file.js';

interface Deps {
  ledger: LedgerArchive;
  folder: ArchiveFolder;
  now(): number;
  say(line: string): void;
}

export interface ArchivedPart {
  file: string;
  rows: number;
  sha256: string;
}

/** What was archived, and why no more was. */
export interface Archived {
  done: ArchivedPart[];
  kept: string;
  /** It should have gone on, and could not. */
  failed: boolean;
}

const DAY_MS = 24 * 3_600_000;
/** Answers are kept that long, events nearly: nobody asks for younger entries in vain. */
const YOUNGEST_MS = 31 * DAY_MS;

/**
 * Puts the oldest partitions into files as long as all of their entries are from before `before`. Each is written, read back
 * from the disk and compared with the database, before the partition goes; ended at any point, by whatever, the entries are
 * in the database still, or in the file and carried.
 */
export async function archiveLedger({ ledger, folder, now, say }: Deps, before: number): Promise<Archived> {
  const done: ArchivedPart[] = [];
  const stop = (kept: string, failed = false): Archived => ({ done, kept, failed });
  for (;;) {
    const part = await ledger.oldest();
    const wait = part ? whyEarly(part) : 'there is no partition';
    if (!part || wait) return stop(wait ?? '');
    const sums = await ledger.sumsOf(part);
    const young = whyYoung(part, sums, before, now());
    if (young) return stop(young);
    const previous = (await ledger.files()).at(-1)?.sha256 ?? null;
    const name = fileName(part);
    say(`${name}: writes ${sums.rows} entries`);
    await folder.write(name, fileOf(part, previous, ledger.rows(part)));
    const checked = await checkFile(folder.read(name));
    if ('fault' in checked) return stop(`${name}: ${checked.fault}`, true);
    const isSame = (['rows', 'amount', 'spent'] as const).every((sum) => checked[sum] === sums[sum]);
    if (!isSame || checked.previous !== previous || checked.low !== part.low || checked.high !== part.high)
      return stop(`${name}: is not what the database has`, true);
    say(`${name}: read back, ${checked.sha256}`);
    if (!(await ledger.cut(part, { file: name, ...checked }, sums, now())))
      return stop(`${part.name}: somebody reads or writes the ledger for long; run it again later`, true);
    done.push({ file: name, rows: checked.rows, sha256: checked.sha256 });
    say(`${name}: archived`);
  }
}

function whyEarly({ name, isClosed, isRead }: OldestPart): string | undefined {
  if (!isClosed) return `${name}: entries may still come to it`;
  return isRead ? undefined : `${name}: usage or events have not read it yet`;
}

function whyYoung({ name }: OldestPart, sums: PartSums, before: number, now: number): string | undefined {
  const { lastAt, open } = sums;
  const limit = Math.min(before, now - YOUNGEST_MS);
  if (lastAt !== null && lastAt >= limit)
    return `${name}: its entries reach to ${new Date(lastAt).toISOString()}`;
  return open > 0 ? `${name}: ${open} of its entries are of open reservations` : undefined;
}
