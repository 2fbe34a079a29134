import type { Bot, Command, Turn } from '../turn.js';
import { addressed } from './addressed.js';
import { balance, setCostLine } from './balance.js';
import { textOnly, wordsAlone } from './beyond-text.js';
import { buy } from './buy.js';
import { cancel } from './cancel.js';
import { chat } from './chat.js';
import { code, startWith } from './code.js';
import { drop } from './drop.js';
import { errands } from './errands.js';
import { forget } from './forget.js';
import { checkMembership } from './gift.js';
import { grant } from './grant.js';
import { help } from './help.js';
import { image } from './image.js';
import { lang, setLang } from './lang.js';
import { newTopic } from './new-topic.js';
import { paysupport } from './paysupport.js';
import { refund } from './refund.js';
import { renew } from './renewal.js';
import { retry } from './retry.js';
import { terms } from './terms.js';
import { upgrade } from './upgrade.js';
import { user } from './user.js';

/** The table of contents: what a slash, a tap or plain words lead to. */
const COMMANDS: Record<string, (args: string) => Command> = {
  start: startWith,
  help: () => help,
  chat,
  image,
  balance: () => balance,
  upgrade: () => upgrade,
  code,
  // Usually /cancel overtakes the queues and never gets here; it does only when it came with other words.
  cancel: () => cancel(0),
  new: () => newTopic,
  lang: () => lang,
  forget: () => forget,
  paysupport: () => paysupport,
  terms: () => terms,
};
const ADMIN_COMMANDS: Record<string, (args: string[]) => Command> = { grant, refund, user, errands, drop };
const TAPS: Record<string, (rest: string) => Command | undefined> = {
  retry,
  new: () => newTopic,
  upgrade: () => upgrade,
  joined: () => checkMembership,
  lang: (rest) => (rest === 'en' || rest === 'ru' ? setLang(rest) : undefined),
  line: (rest) => setCostLine(rest === 'off'),
  buy: (rest) => buy('XTR', rest),
  renew,
  rub: (rest) => buy('RUB', rest),
};

/** Stop is missing above because it overtakes the queues and never gets here. */
export const TAP_NAMES = [...Object.keys(TAPS), 'stop'];
export const ADMIN_NAMES = Object.keys(ADMIN_COMMANDS);
export const MENU = Object.keys(COMMANDS) as (keyof Turn['words']['menu'])[];

/** `/image@name a fox` → `image`, `a fox`; undefined: no command, or another bot's. */
export function commandOf(
  text: string,
  botName: string | undefined,
): { name: string; args: string } | undefined {
  const found = /^\/([a-z0-9_]+)(?:@(\w+))?(?:\s+([\s\S]*))?$/i.exec(text.trim());
  if (found === null) return undefined;
  if (found[2] !== undefined && found[2].toLowerCase() !== botName?.toLowerCase()) return undefined;
  return { name: (found[1] ?? '').toLowerCase(), args: (found[3] ?? '').trim() };
}

/** What this turn leads to; undefined: it is not for this bot, or a button it does not know. */
export function commandFor(turn: Turn, bot: Bot): Command | undefined {
  if (turn.tap !== undefined) {
    const [name = '', ...rest] = turn.tap.data.split(':');
    return own(TAPS, name)?.(rest.join(':'));
  }
  if (turn.text === '') return textOnly(turn, bot);
  const command = commandOf(turn.text, bot.me()?.username);
  const meant = command === undefined ? spoken(turn, bot) : named(command.name, command.args, turn, bot);
  return meant === undefined || turn.media === undefined ? meant : wordsAlone(meant);
}

/** Words that are no command of ours. */
function spoken(turn: Turn, bot: Bot): Command | undefined {
  if (/^\/[\p{L}\p{N}_]+(@\w+)?(\s|$)/u.test(turn.text.trim())) return turn.isPrivate ? unknown : undefined;
  const said = addressed(turn, bot);
  if (said === undefined) return undefined;
  return bot.askedForImage.has(turn.place) ? image(said) : chat(said);
}

function named(name: string, args: string, turn: Turn, bot: Bot): Command | undefined {
  const admin = own(ADMIN_COMMANDS, name);
  if (admin !== undefined && bot.config.adminIds.has(turn.from.id))
    return admin(args.split(/\s+/).filter(Boolean));
  // In a group another bot may know it.
  return own(COMMANDS, name)?.(args) ?? (turn.isPrivate ? unknown : undefined);
}

const unknown: Command = async ({ view, words }) => {
  await view.say(words.basics.unknown);
};

/** Not what every object has: nobody's `toString` is a command. */
function own<T>(table: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
