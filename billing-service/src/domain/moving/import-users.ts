import { tierIn } from '../catalogue/catalogue.js';
import type { Deps } from '../deps.js';
import type { Author } from '../ports/audit-log.js';
import type { Brought, UserImports } from '../ports/user-imports.js';
import { type Fault, type ImportLine, lineFaults } from './import-line.js';
import { promisedUser } from './promised-user.js';
import { SeenReferences } from './seen-references.js';

/** One line of the file: what it says, or what is wrong with it. */
export type ReadLine = { line: number } & ({ said: ImportLine } | { faults: Fault[] });

export interface LineProblem extends Fault {
  line: number;
}

export interface ImportSummary {
  imported: number;
  /** Of users who were known. */
  unchanged: number;
  refused: number;
  dryRun: boolean;
}

type Calls = Pick<Deps, 'clock' | 'catalogue'> & { imports: UserImports };
type Said = { line: number; said: ImportLine };

/**
 * A page of lines after the other, each page whole or not at all; yields what was wrong with it, and in the end the summary.
 * However it ends, what was done by then stands, and the same file again does the rest. `author` is whose line the audit
 * log keeps, of an import that changed anything.
 */
export async function* importUsers(
  calls: Calls,
  pages: AsyncIterable<ReadLine[]>,
  { dryRun, author }: { dryRun: boolean; author: Author },
): AsyncGenerator<LineProblem[], ImportSummary> {
  const summary: ImportSummary = { imported: 0, unchanged: 0, refused: 0, dryRun };
  const seen = new SeenReferences();
  try {
    for await (const page of pages) {
      const problems = await bringPage(calls, page, { summary, seen });
      if (problems.length > 0) yield problems;
    }
  } finally {
    const { dryRun: _, ...figures } = summary;
    if (!dryRun && summary.imported > 0) await calls.imports.note(author, figures);
  }
  return summary;
}

async function bringPage(
  { clock, catalogue, imports }: Calls,
  page: ReadLine[],
  { summary, seen }: { summary: ImportSummary; seen: SeenReferences },
): Promise<LineProblem[]> {
  const now = clock.now();
  const present = catalogue.current();
  const faultsOf = (read: ReadLine): Fault[] => {
    if ('faults' in read) return read.faults;
    const faults = lineFaults(read.said, { now, isTier: (id) => present.tiers.has(id) });
    return faults.length > 0 ? faults : repeated(read, seen);
  };
  const looked = page.map((read) => ({ read, faults: faultsOf(read) }));
  const good = looked.flatMap(({ read, faults }) => (faults.length === 0 && 'said' in read ? [read] : []));
  const tierOf = (id: string) => tierIn(present, id);
  const make = (line: ImportLine, userId: number) => promisedUser(line, userId, { now, tierOf });
  const lines = good.map(({ said }) => said);
  const brought = lines.length > 0 ? await imports.bring(lines, make, summary) : [];
  const refused = looked.filter(({ faults }) => faults.length > 0);
  const problems = refused.flatMap(({ read, faults }) =>
    faults.map((fault) => ({ line: read.line, ...fault })),
  );
  const taken = good.flatMap((one, i) => takenOf(one, brought[i] as Brought));
  summary.refused += refused.length + taken.length;
  for (const { status } of brought) if (status !== 'taken') summary[status] += 1;
  return [...problems, ...taken].sort((a, b) => a.line - b.line);
}

function repeated({ line, said }: Said, seen: SeenReferences): Fault[] {
  return said.references.flatMap((reference, i) => {
    const before = seen.note(reference, line);
    if (before === 0) return [];
    return [{ field: fieldOf(i), message: `${reference} is on line ${before} already` }];
  });
}

function takenOf({ line, said }: Said, brought: Brought): LineProblem[] {
  if (brought.status !== 'taken') return [];
  const { reference } = brought;
  return [
    { line, field: fieldOf(said.references.indexOf(reference)), message: `${reference} is another user’s` },
  ];
}

/** The first is the user's own name. */
const fieldOf = (place: number): string => (place === 0 ? 'user' : 'references');
