import crypto from 'node:crypto';

/** How a log names a check: the operation, and the caller's id for it within that operation. */
export interface CheckKey {
  /** 32 bits of the operation's hash. */
  operation: number;
  /** 56 bits of the check id's hash, 24 here: a record has a fixed size, and ids do not collide by chance. */
  high: number;
  /** The other 32. */
  low: number;
}

// crypto.hash came with Node 20.12 and takes a third of the time (1.4 µs against 4.8).
const sha1Hex: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha1', text, 'hex')
    : (text) => crypto.createHash('sha1').update(text).digest('hex');

const operations = new Map<string, number>();

/** The same check id under another operation is another check. Null, a peek's, names none. */
export function checkKey(operation: string, checkId: string | null): CheckKey {
  let tag = operations.get(operation);
  if (tag === undefined) {
    tag = Number.parseInt(sha1Hex(operation).slice(0, 8), 16);
    // Only operations of the catalogue come here, so the map is bounded.
    operations.set(operation, tag);
  }
  if (checkId === null) return { operation: tag, high: 0, low: 0 };
  const hex = sha1Hex(checkId);
  return {
    operation: tag,
    high: Number.parseInt(hex.slice(0, 6), 16),
    low: Number.parseInt(hex.slice(6, 14), 16),
  };
}
