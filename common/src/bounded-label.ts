/** What stands for all values beyond the bound. */
const OTHER = 'other';

/**
 * Keeps the number of a label's values bounded where callers choose them: the first `max` count by name, the rest
 * together. A provider's name from a payment, or an operation that an admin made and removed again, lives as long as
 * the process.
 */
export function boundedLabel(max: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= max) return OTHER;
    known.add(value);
    return value;
  };
}
