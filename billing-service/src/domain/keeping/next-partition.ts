import type { RoomAhead } from '../ports/ledger-room.js';

const MONTH_MS = 30 * 24 * 3_600_000;
const MILLION = 1_000_000;
/** A table of fewer is not worth being one. */
const LEAST = MILLION;
const MOST = 100 * MILLION;
/** The pace of fewer tells little: the first users of a new service come within a minute of each other. */
const TELLING = 100_000;
/** While one fills, so many others are there; a call of which no entry has a place fails. */
const AHEAD = 2;

/**
 * Of how many entries the next partition should be, or null while there is room enough: always two partitions, and a month
 * at the pace of late. A partition is about a month, so that what is older than some months is whole partitions.
 */
export function nextPartition(room: RoomAhead, now: number): number | null {
  const size = monthAt(room, now);
  const isEnough = room.partitionsAhead >= AHEAD && room.end - room.drawn >= size;
  return isEnough ? null : size;
}

function monthAt({ drawn, earlier }: RoomAhead, now: number): number {
  if (!earlier || drawn - earlier.id < TELLING) return LEAST;
  const perMonth = ((drawn - earlier.id) * MONTH_MS) / Math.max(1, now - earlier.at);
  return Math.min(MOST, Math.max(LEAST, Math.ceil(perMonth / MILLION) * MILLION));
}
