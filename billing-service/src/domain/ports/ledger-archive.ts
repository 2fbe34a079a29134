/** The ledger's partitions as they go into files, oldest first, and what is kept of each. */

/** low ≤ number < high. */
export interface Span {
  low: number;
  high: number;
}

/** What a file says of itself, and the database of its rows. */
export interface ArchiveSums {
  rows: number;
  amount: bigint;
  /** Charged less refunded. */
  spent: bigint;
}

/** A file that there is. */
export interface ArchiveFile extends Span {
  file: string;
  sha256: string;
  /** Of the file before; null of the first. */
  previous: string | null;
}

/** The oldest partition. */
export interface OldestPart extends Span {
  name: string;
  /** No entry will come to it any more. */
  isClosed: boolean;
  /** All who follow the ledger have read it. */
  isRead: boolean;
}

export interface PartSums extends ArchiveSums {
  /** When the last of its entries happened; null where it has none. */
  lastAt: number | null;
  /** How many of its charges are of reservations that are open. */
  open: number;
}

export interface LedgerArchive {
  /** Null where there is none but those that entries go to. */
  oldest(): Promise<OldestPart | null>;
  /** Reads all of it. */
  sumsOf(part: OldestPart): Promise<PartSums>;
  /** Its rows as JSON, a page at a time, in the order of their numbers. */
  rows(part: OldestPart): AsyncGenerator<string[], void>;
  /** Files that there are, oldest first. */
  files(): Promise<(ArchiveFile & ArchiveSums)[]>;
  /**
   * Carries each user's total, notes the file, and lets the partition go, all or nothing. False: somebody has used the
   * ledger for so long that it could not be done.
   */
  cut(part: OldestPart, file: ArchiveFile, sums: PartSums, at: number): Promise<boolean>;
}

/** Where the files are. */
export interface ArchiveFolder {
  names(): Promise<string[]>;
  /** All or nothing, and on the disk when it returns. Takes the place of one of that name. */
  write(name: string, pages: AsyncIterable<string[]>): Promise<void>;
  /** Its lines. Throws where it is cut short, or no such file. */
  read(name: string): AsyncGenerator<string[], void>;
}
