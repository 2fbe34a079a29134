/** `?name=value…`, or nothing; what is undefined is left out. */
export function queryOf(query: object = {}): string {
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
