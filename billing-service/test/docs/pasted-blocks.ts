/** What a page has people paste, and what it says they will see. */

export interface Block {
  /** Line of the command's first line in the page, from 1. */
  line: number;
  command: string;
  /** The fenced block that follows, if it is an answer. */
  answer?: { language: 'jsonc' | 'text'; text: string };
}

interface Fence {
  line: number;
  language: string;
  text: string;
}

/** The fenced `sh` blocks in order, each with the `jsonc` or `text` block right below it. */
export function pastedBlocks(markdown: string): Block[] {
  const fences = fencesOf(markdown);
  return fences.flatMap((fence, i) => {
    if (fence.language !== 'sh') return [];
    const { language, text } = fences[i + 1] ?? { language: '', text: '' };
    const block = { line: fence.line, command: fence.text };
    return [language === 'jsonc' || language === 'text' ? { ...block, answer: { language, text } } : block];
  });
}

function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open: Fence | undefined;
  for (const [i, line] of markdown.split('\n').entries()) {
    if (!line.startsWith('```')) {
      if (open) open.text += `${line}\n`;
    } else if (open) {
      fences.push(open);
      open = undefined;
    } else {
      open = { line: i + 2, language: line.slice(3), text: '' };
    }
  }
  return fences;
}

/** `// 201` and the JSON below it. A bare `…` ends a list or an object that was cut. */
export function readAnswer(text: string): { status: number; body: unknown } {
  const [, status, json] = /^\/\/ (\d{3})\n([\s\S]*)$/.exec(text) ?? [];
  if (json === undefined) throw new Error(`an answer begins with // and its status, not: ${text}`);
  const marked = json.replace(/…(?=\s*\])/g, '"…"').replace(/…(?=\s*\})/g, '"…":"…"');
  return { status: Number(status), body: JSON.parse(marked) };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

/** Where `real` differs from what is shown, as paths; times need only be times, and `…` stands for anything. */
export function differences(shown: unknown, real: unknown, path = 'answer'): string[] {
  const differs = [
    `${path}: the page shows ${JSON.stringify(shown)}, the service said ${JSON.stringify(real)}`,
  ];
  if (typeof shown === 'string' && typeof real === 'string') return textMatches(shown, real) ? [] : differs;
  if (Array.isArray(shown) && Array.isArray(real)) {
    const cut = shown.at(-1) === '…';
    const listed = cut ? shown.slice(0, -1) : shown;
    if (cut ? real.length < listed.length : real.length !== listed.length) return differs;
    return listed.flatMap((item, i) => differences(item, real[i], `${path}[${i}]`));
  }
  if (isObject(shown) && isObject(real)) {
    const { '…': cut, ...listed } = shown;
    const unlisted = cut ? [] : Object.keys(real).filter((key) => !(key in listed));
    return [
      ...unlisted.map((key) => `${path}.${key} is not on the page`),
      ...Object.entries(listed).flatMap(([key, value]) => differences(value, real[key], `${path}.${key}`)),
    ];
  }
  return shown === real ? [] : differs;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** In a RateLimit header: whole seconds, which go by while the test runs. */
const SECONDS = /(?<=;t=)\d+/g;

/** `…` stands for any characters; a time for any time, and so for a limit's seconds. */
export function textMatches(shown: string, real: string): boolean {
  if (TIME.test(shown)) return TIME.test(real);
  const parts = shown
    .replace(SECONDS, '…')
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(real);
}
