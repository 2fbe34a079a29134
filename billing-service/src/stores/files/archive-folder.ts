import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ArchiveFolder } from '../../domain/ports/ledger-archive.js';

const NAME = /^entries-\d+-\d+\.ndjson\.gz$/;
/** Its name while it is written. */
const draftOf = (path: string): string => `${path}.part`;

export class FilesFolder implements ArchiveFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async names(): Promise<string[]> {
    return (await readdir(this.#path)).filter((name) => NAME.test(name));
  }

  async write(name: string, pages: AsyncIterable<string[]>): Promise<void> {
    await mkdir(this.#path, { recursive: true, mode: 0o700 });
    const path = join(this.#path, name);
    const draft = draftOf(path);
    await rm(draft, { force: true });
    const text = Readable.from(textOf(pages), { objectMode: false });
    await pipeline(text, createGzip(), createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
    await sync(draft);
    await rename(draft, path);
    // The name, too.
    await sync(this.#path);
  }

  async *read(name: string): AsyncGenerator<string[], void> {
    const plain = createGunzip();
    const source = createReadStream(join(this.#path, name));
    source.on('error', (error) => plain.destroy(error));
    let rest = '';
    const decoder = new TextDecoder();
    for await (const bytes of source.pipe(plain)) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines;
    }
    if (rest !== '') yield [rest];
  }
}

async function* textOf(pages: AsyncIterable<string[]>): AsyncGenerator<string, void> {
  for await (const lines of pages) yield lines.map((line) => `${line}\n`).join('');
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
