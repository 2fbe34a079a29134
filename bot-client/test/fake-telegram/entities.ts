import { badRequest } from './refusal.js';

const TAGS = new Set('b strong i em u ins s strike del code pre a tg-spoiler blockquote span'.split(' '));
const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** What the reader sees of `text`; refuses what Telegram's HTML mode refuses. */
export function visibleText(text: string, parseMode: string | undefined): string {
  if (parseMode === undefined) return text;
  // Only HTML is understood here: the bot uses nothing else, and a half-true MarkdownV2 would prove nothing.
  if (parseMode !== 'HTML') throw badRequest('unsupported parse_mode');
  const open: string[] = [];
  const visible = text.replace(/<(\/?)([^<>]*)>|&(#?\w+);|[<>]/g, (whole, slash, inside, entity) => {
    if (entity !== undefined) return decoded(whole, entity);
    if (inside === undefined) throw cannotParse(`unexpected "${whole}"`);
    const tag = String(inside).trim().split(/\s/)[0]?.toLowerCase() ?? '';
    if (!TAGS.has(tag)) throw cannotParse(`Unsupported start tag "${tag}"`);
    if (slash === '') open.push(tag);
    else if (open.pop() !== tag) throw cannotParse(`Unmatched end tag, found "</${tag}>"`);
    return '';
  });
  if (open.length > 0) throw cannotParse(`Can't find end tag corresponding to start tag "${open.at(-1)}"`);
  return visible;
}

function decoded(whole: string, entity: string): string {
  if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)));
  return NAMED[entity] ?? whole;
}

const cannotParse = (why: string) => badRequest(`can't parse entities: ${why}`);
