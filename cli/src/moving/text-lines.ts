import { UsageError } from '../usage-error.js';

/** Pieces of a file as text. What is not UTF-8 would come as other letters than were meant. */
export async function* textOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError('The file is not UTF-8. Write it anew as UTF-8: iconv -f cp1251 -t utf-8', 'import');
  }
}

/** Without their ends; blank ones are lines, too. */
export async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let left = '';
  for await (const text of texts) {
    const lines = left.concat(text).split('\n');
    left = lines.pop() ?? '';
    yield* lines;
  }
  if (left !== '') yield left;
}
