import type { Refusal, Result } from './refusal.js';
import { refuse } from './refusal.js';

/** What a list call asks for: at most `limit` items, after the one that `cursor` names. */
export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** `nextCursor` is there only where more items follow. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** Turns the key of a list's last item into an opaque text and back; null for anything it did not write itself. */
export interface CursorCodec<K> {
  encode(key: K): string;
  decode(text: string): K | null;
}

/** The cursors of a kind of list. The list of one user, or through a filter, is a list of its own: `of` it. */
export interface CursorKind<K> extends CursorCodec<K> {
  of(...which: (string | number | null | undefined)[]): CursorCodec<K>;
}

/**
 * The list's name is part of the text, so that another list refuses the cursor: it would show a page from somewhere in
 * the middle, as if nothing were wrong. `parse` must refuse everything that the
 * store could not take, because callers may write cursors by hand.
 */
export function cursorOf<K>(
  list: string,
  print: (key: K) => string,
  parse: (text: string) => K | null,
): CursorKind<K> {
  const encode = (key: K): string => Buffer.from(`${list}:${print(key)}`, 'utf8').toString('base64url');
  return {
    encode,
    of: (...which) => cursorOf(`${list}${JSON.stringify(which)}`, print, parse),
    decode: (text) => {
      const plain = Buffer.from(text, 'base64url').toString('utf8');
      const key = plain.startsWith(`${list}:`) ? parse(plain.slice(list.length + 1)) : null;
      return key !== null && encode(key) === text ? key : null;
    },
  };
}

export const badCursor = (): { ok: false; refusal: Refusal } =>
  refuse({ kind: 'invalid', errors: [{ field: 'cursor', message: 'is not a cursor that this list gave' }] });

/** The key after which the page begins: undefined = from the start. */
export function keyAfter<K>(codec: CursorCodec<K>, cursor: string | undefined): Result<K | undefined> {
  if (cursor === undefined) return { ok: true, value: undefined };
  const key = codec.decode(cursor);
  return key === null ? badCursor() : { ok: true, value: key };
}

/** Stores are asked for one item more than the page holds; that one only says that there is more. */
export function pageOf<T>(found: readonly T[], limit: number, cursorAt: (item: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, nextCursor: cursorAt(last) } : { items };
}
