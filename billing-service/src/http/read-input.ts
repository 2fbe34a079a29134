/** Turns what a schema alone cannot convert into the domain's types. */
import { LATEST_MS } from '../domain/plan/months.js';
import { Problem } from './problem.js';
import { DATE_TIME } from './schemas/text-rules.js';

/** Metadata travels inside as the JSON text that is stored. */
export const metadataText = (metadata: Record<string, unknown> | undefined): string | null =>
  metadata === undefined ? null : JSON.stringify(metadata);

const EARLIEST_MS = Date.UTC(1970, 0, 1);

/**
 * ms since the epoch. A well-formed date-time that does not exist (a leap second, the year 0) is the caller's error.
 */
export function parseTime(field: string, text: string): number {
  const time = Date.parse(text);
  if (time >= EARLIEST_MS && time <= LATEST_MS) return time;
  throw Problem.invalid({ field, message: DATE_TIME['x-words'] });
}

export const timeOrNone = (field: string, text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseTime(field, text);
