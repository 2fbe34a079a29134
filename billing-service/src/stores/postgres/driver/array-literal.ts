type Element = string | number | null;

/** A Postgres array literal, which both drivers pass through as text. Elements need no quotes (numbers, uuids, times). */
export function plainArray(elements: readonly Element[]): string {
  return `{${elements.map((e) => e ?? 'NULL').join(',')}}`;
}

/** The same for free text. */
export function textArray(elements: readonly (string | null)[]): string {
  return `{${elements.map((e) => (e === null ? 'NULL' : `"${e.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}
