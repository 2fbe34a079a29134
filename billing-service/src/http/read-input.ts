/** What a schema cannot turn into the domain's words by itself. */
import { Problem } from './problem.js';

/** Metadata travels inside as the JSON text that is stored. */
export const metadataText = (metadata: Record<string, unknown> | undefined): string | null =>
  metadata === undefined ? null : JSON.stringify(metadata);

const EARLIEST = Date.UTC(1970, 0, 1);

/** ms since the epoch; a date-time that is well-formed and yet none (a leap second, the year 0) is the caller's error. */
export function parseTime(field: string, text: string): number {
  const time = Date.parse(text);
  if (time >= EARLIEST) return time;
  throw Problem.invalid({ field, message: 'must be a date-time from 1970 on, such as 2030-01-01T00:00:00Z' });
}
