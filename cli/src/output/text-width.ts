const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** East Asian letters and emoji take two columns of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;
const PAINT = new RegExp(`${'\u001b'}\\[[0-9;]*m`, 'g');

/**
 * Names and reasons come from strangers: what would move a terminal's cursor, or turn the direction of the letters behind
 * it, is shown as a dot.
 */
export const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '·');

/** Columns that a text takes, colours not counted. */
export function textWidth(text: string): number {
  const plain = text.replace(PAINT, '');
  let width = 0;
  for (const { segment } of segmenter.segment(plain)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** At most so many columns; what was cut is said by an ellipsis. */
export function cutTo(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += WIDE.test(segment) ? 2 : 1;
    if (used > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
