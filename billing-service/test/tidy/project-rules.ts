/** Rules about the whole tree, which no single file breaks. */
import { importsOf, type SourceFile } from './source-file.js';

const MAX_BLOB_BYTES = 300 * 1024;
/** Programs write them, and need them whole: npm, and `npm run openapi`, whose pages grow with every call. */
const LARGE_BY_NATURE = new Set(['package-lock.json', 'openapi.yaml', 'bot-client/src/billing/schema.d.ts']);

/**
 * Files that import each other in a ring, one line a ring, its files in order. A ring has no bottom: nothing in it can
 * be read, tested or moved by itself.
 */
export function circles(files: SourceFile[]): string[] {
  const targets = new Map(files.map((file) => [file.path, importsOf(file)]));
  const done = new Set<string>();
  const path: string[] = [];
  const found = new Set<string>();
  const visit = (name: string): void => {
    const at = path.indexOf(name);
    if (at >= 0) found.add(`${ringOf(path.slice(at)).join(' → ')} is a circle`);
    if (at >= 0 || done.has(name)) return;
    path.push(name);
    for (const target of targets.get(name) ?? []) if (targets.has(target)) visit(target);
    path.pop();
    done.add(name);
  };
  for (const name of targets.keys()) visit(name);
  return [...found].sort();
}

/** The same ring is written the same way wherever the walk came in. */
function ringOf(ring: string[]): string[] {
  const first = ring.indexOf([...ring].sort()[0] as string);
  return [...ring.slice(first), ...ring.slice(0, first), ring[first] as string];
}

/** A large blob stays in every clone for good. */
export function largeBlobs(blobs: { path: string; bytes: number }[]): string[] {
  return blobs
    .filter(({ path, bytes }) => bytes > MAX_BLOB_BYTES && !LARGE_BY_NATURE.has(path))
    .map(({ path, bytes }) => `${path} has ${bytes} bytes, more than ${MAX_BLOB_BYTES}`);
}
