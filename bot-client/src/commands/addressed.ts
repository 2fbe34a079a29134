import type { Bot, Turn } from '../turn.js';

/** What was said to the bot: in private all of it, in a group only what names it or replies to it. Undefined: nothing. */
export function addressed(turn: Turn, bot: Bot): string | undefined {
  if (turn.isPrivate) return turn.text;
  const me = bot.me();
  if (me === undefined) return undefined;
  const mention = mentionOf(String(me.username));
  if (mention.test(turn.text)) return withoutMention(turn.text, mention);
  return turn.message?.reply_to_message?.from?.id === me.id ? turn.text : undefined;
}

/** A whole word: `(@name)` and `@name.` are mentions, `@name.org`, `me@name` and `@names` are none. */
export function mentionOf(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_.@/-])@${name}(?![\\p{L}\\p{N}_]|[.@/-][\\p{L}\\p{N}_])`, 'iu');
}

function withoutMention(text: string, mention: RegExp): string {
  return text
    .replace(mention, '')
    .replace(/\(\s*\)/, '')
    .trim();
}
