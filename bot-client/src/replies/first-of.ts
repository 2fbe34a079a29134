const MOST = 5;

/** A list for a chat message: the first few, and dots where there are more. */
export function firstOf(ids: string[]): string {
  return [...ids.slice(0, MOST), ...(ids.length > MOST ? ['…'] : [])].join(', ');
}
