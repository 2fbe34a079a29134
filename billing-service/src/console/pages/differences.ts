const MAX_SHOWN = 12;

/** What differs between two pictures, leaf by leaf: `balance.available: 30 → 130`. */
export function differences(before: object | null, after: object | null): string[] {
  const [was, is] = [leaves(before), leaves(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const changed = names
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => `${name}: ${was.get(name) ?? '–'} → ${is.get(name) ?? '–'}`);
  return changed.length > MAX_SHOWN ? [...changed.slice(0, MAX_SHOWN), '…'] : changed;
}

/** Lists are one leaf: a list's member has no name that would stay the same. */
function leaves(value: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (value !== null && value !== undefined) found.set(path, textOf(value));
    return found;
  }
  for (const [name, member] of Object.entries(value))
    leaves(member, path === '' ? name : `${path}.${name}`, found);
  return found;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
