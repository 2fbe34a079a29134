const FENCE = /^```[^\n]*$/gm;

/**
 * Cuts a long answer into messages of at most `most` characters: between paragraphs if it can, or between lines, or
 * between words. A code fence that is cut is closed and opened again, so that every message stands by itself.
 */
export function splitAnswer(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > most) {
    // Room for the fence that may have to be closed here.
    const cut = cutAt(rest, most - 4);
    let head = rest.slice(0, cut).trimEnd();
    rest = rest.slice(cut).replace(/^\n+/, '');
    const opened = openFence(head);
    if (opened !== undefined) {
      head += '\n```';
      rest = `${opened}\n${rest}`;
    }
    parts.push(head);
  }
  if (rest.trim() !== '') parts.push(rest);
  return parts;
}

function cutAt(text: string, most: number): number {
  const window = text.slice(0, most);
  // A cut in the first half would make many short messages out of one paragraph.
  for (const mark of ['\n\n', '\n', ' ']) {
    const at = window.lastIndexOf(mark);
    if (at > most / 2) return at;
  }
  // Not between the halves of one character.
  return /[\uD800-\uDBFF]$/.test(window) ? most - 1 : most;
}

/** The line that opened the fence `text` ends within. */
function openFence(text: string): string | undefined {
  const fences = text.match(FENCE) ?? [];
  return fences.length % 2 === 1 ? fences.at(-1) : undefined;
}
