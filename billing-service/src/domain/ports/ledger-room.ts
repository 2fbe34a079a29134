/** The places that there are for entries to come. */
export interface RoomAhead {
  /** The last number that was drawn for an entry. */
  drawn: number;
  /** The first number for which there is no place. */
  end: number;
  /** Partitions that no entry has come to yet. */
  partitionsAhead: number;
  /** Some while ago: a number that was drawn then, and when; null where there is no entry yet. */
  earlier: { id: number; at: number } | null;
}

export interface LedgerRoom {
  look(): Promise<RoomAhead>;
  /** One more partition, of so many entries, which begins at `end`. Nothing where that is no longer the end. */
  add(end: number, size: number): Promise<void>;
}
