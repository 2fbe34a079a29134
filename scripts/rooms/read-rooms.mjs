/** Which room of the service imports which, counted from the code itself: types count as much as values. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../billing-service/src/', import.meta.url));
const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

/** @typedef {{ from: string, to: string, count: number }} Arrow from one room to another; `count` imports */

/** @returns {Arrow[]} sorted by name */
export function readArrows() {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file));
  const counts = new Map();
  for (const file of files) {
    for (const [, target] of readFileSync(join(SOURCE, file), 'utf8').matchAll(IMPORT)) {
      const [from, to] = [roomOf(file), roomOf(posix.join(posix.dirname(file), target))];
      // What both programs share lies outside the service: it is below every room.
      if (from !== to && !to.startsWith('..'))
        counts.set(`${from} ${to}`, (counts.get(`${from} ${to}`) ?? 0) + 1);
    }
  }
  return [...counts.keys()].sort().map((key) => {
    const [from, to] = key.split(' ');
    return { from, to, count: counts.get(key) };
  });
}

/** `domain` and `stores` are divided into rooms, down to the databases' own; whatever lies right in src starts the rest. */
export function roomOf(file) {
  const folders = posix.dirname(file).split('/');
  if (folders[0] === '.') return 'start';
  if (folders[0] === 'domain') return folders.slice(0, 2).join('/');
  if (folders[0] === 'stores') return folders.slice(0, folders[1] === 'postgres' ? 3 : 2).join('/');
  return folders[0];
}
