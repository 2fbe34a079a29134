/** A row of somebody else's table as a line of POST /import/users. */
export const MEMBERS = [
  ...['user', 'references', 'username', 'firstName', 'locale', 'createdAt', 'tier', 'periodEnd', 'paidUntil'],
  ...['channelSubscribedAt', 'tokensBalance', 'tokensSpent'],
] as const;

/** Of a plan's end it depends on the tier what it is: of gift the day of the next tokens, else the end of paid time. */
const PLAN_END = 'planEnd';
const GIFT = 'gift';

/** What columns are usually called. */
const USUAL: Record<string, string> = {
  telegram_id: 'user',
  first_name: 'firstName',
  language_code: 'locale',
  language: 'locale',
  created_at: 'createdAt',
  period_end: 'periodEnd',
  paid_until: 'paidUntil',
  subscription_expires_at: PLAN_END,
  channel_subscribed_at: 'channelSubscribedAt',
  tokens_balance: 'tokensBalance',
  tokens_spent: 'tokensSpent',
  ...Object.fromEntries(MEMBERS.map((name) => [name.toLowerCase(), name])),
};

export interface Translation {
  /** Column → member, before what is usual; `-`: left out. */
  map: ReadonlyMap<string, string>;
  /** Their tier → ours. */
  tiers: ReadonlyMap<string, string>;
  /** Member → what it is where the row says nothing. */
  defaults: ReadonlyMap<string, string>;
  /** For users that are a bare number. */
  provider: string;
  /** Of times without a zone. */
  offset: string;
}

/** Which member each column is; undefined: none. */
export function membersOf(header: readonly string[], { map }: Translation): (string | undefined)[] {
  const given = new Map([...map].map(([column, member]) => [column.toLowerCase(), member]));
  return header.map((title) => {
    const column = title.trim().toLowerCase();
    const member = given.get(column) ?? USUAL[column];
    return member === '-' ? undefined : member;
  });
}

const TIMES = ['createdAt', 'periodEnd', 'paidUntil', 'channelSubscribedAt', PLAN_END];
const NUMBERS = ['tokensBalance', 'tokensSpent'];
const NOTHING = /^(|\\N|null|none)$/i;

export function userOfRow(
  cells: readonly string[],
  members: readonly (string | undefined)[],
  how: Translation,
) {
  const said: Record<string, unknown> = {};
  for (const [i, member] of members.entries()) {
    const text = plain(cells[i] ?? '');
    if (member !== undefined && !NOTHING.test(text)) said[member] = readCell(member, text, how);
  }
  return translated(said, how);
}

/** Also of a line that is JSON already. */
export function translated(
  said: Record<string, unknown>,
  { defaults, tiers, provider, ...how }: Translation,
) {
  const user: Record<string, unknown> = { ...said };
  for (const [member, text] of defaults) user[member] ??= readCell(member, text, how);
  if (typeof user.user === 'number' || /^\d+$/.test(String(user.user)))
    user.user = `${provider}:${user.user}`;
  user.tier = tiers.get(String(user.tier)) ?? user.tier;
  const { [PLAN_END]: end, ...line } = user;
  if (end !== undefined) line[(line.tier ?? GIFT) === GIFT ? 'periodEnd' : 'paidUntil'] ??= end;
  return Object.fromEntries(
    Object.entries(line).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** What cannot be read goes along as it is: the service names the line, the field and the rule. */
function readCell(member: string, text: string, { offset }: Pick<Translation, 'offset'>): unknown {
  if (TIMES.includes(member)) return timeOf(text, offset) ?? text;
  if (NUMBERS.includes(member)) return /^-?\d{1,15}(\.0+)?$/.test(text) ? Number(text) : text;
  if (member !== 'references') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text.split(/[\s|]+/);
  }
}

const WRITTEN =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/** As databases write them: `2026-11-22 17:25:06.793+03`. */
function timeOf(text: string, offset: string): string | undefined {
  if (/^\d{10}$/.test(text)) return new Date(Number(text) * 1000).toISOString();
  const [, day, time = '00:00:00', zone = offset] = WRITTEN.exec(text) ?? [];
  if (day === undefined) return undefined;
  const full = /^(Z|UTC)$/i.test(zone)
    ? 'Z'
    : zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_, h, m = '00') => `${h}:${m}`);
  const read = new Date(`${day}T${time}${full}`);
  return Number.isNaN(read.getTime()) ? undefined : read.toISOString();
}

/** Exports guard a text that a spreadsheet would take for a formula by an apostrophe. */
const plain = (cell: string): string => cell.trim().replace(/^'(?=[=+\-@\t\r])/, '');
