import { isUtf8 } from 'node:buffer';

/** A user with a hundred long names has 50 KB. */
const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** A line and its number, from 1; what is wrong with it where it is no text. */
export type Line = { line: number } & ({ text: string } | { fault: string });

/** All lines but blank ones, those of one piece together. What is kept meanwhile is less than a line. */
export async function* linesOf(
  pieces: AsyncIterable<Buffer>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<Line[], void> {
  let line = 0;
  let begun: Buffer[] = [];
  let bytes = 0;
  const end = (): Line[] => {
    line += 1;
    const whole = Buffer.concat(begun);
    const read = bytes > maxBytes ? { fault: `must have at most ${maxBytes} bytes` } : textOf(whole, line);
    begun = [];
    bytes = 0;
    return 'text' in read && read.text.trim() === '' ? [] : [{ line, ...read }];
  };
  for await (const piece of pieces) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
      add(piece.subarray(from, at));
      lines.push(...end());
      from = at + 1;
    }
    add(piece.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (bytes > 0) yield end();

  /** Of one that is too long no more is kept. */
  function add(part: Buffer): void {
    bytes += part.length;
    if (bytes <= maxBytes && part.length > 0) begun.push(part);
  }
}

function textOf(whole: Buffer, line: number): { text: string } | { fault: string } {
  const isMarked = line === 1 && whole.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const bytes = isMarked ? whole.subarray(BYTE_ORDER_MARK.length) : whole;
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { fault: 'must be UTF-8' };
}
