import type { ArchiveFile, ArchiveFolder, ArchiveSums } from '../ports/ledger-archive.js';
import { checkFile } from './archive-file.js';

type Known = ArchiveFile & ArchiveSums;

export interface Verified {
  files: Known[];
  /** What is wrong, in words; none: all is well. */
  faults: string[];
}

/**
 * Reads every file of the folder to its end: each must have the bytes that it was written with, and name the one before. With
 * `noted`, the database's list, also that none is missing or another; one that the database does not know yet is the next.
 */
export async function verifyArchive(
  folder: Pick<ArchiveFolder, 'names' | 'read'>,
  noted?: readonly Known[],
  say: (line: string) => void = () => {},
): Promise<Verified> {
  const [files, faults]: [Known[], string[]] = [[], []];
  for (const file of (await folder.names()).sort()) {
    const checked = await checkFile(folder.read(file));
    if ('fault' in checked) {
      faults.push(`${file}: ${checked.fault}`);
      continue;
    }
    const before = files.at(-1);
    if (before && (checked.previous !== before.sha256 || checked.low !== before.high))
      faults.push(`${file}: does not follow ${before.file}`);
    files.push({ file, ...checked });
    say(`${file}: ${checked.rows} entries, ${checked.amount} tokens, ${checked.sha256}`);
  }
  for (const { file, sha256, rows } of noted ?? []) {
    const found = files.find((each) => each.file === file);
    if (!found) faults.push(`${file}: is missing, or damaged`);
    else if (found.sha256 !== sha256 || found.rows !== rows)
      faults.push(`${file}: is another than was noted`);
  }
  return { files, faults };
}
