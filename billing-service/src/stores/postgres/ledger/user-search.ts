/** The statements that find users; `user-directory.ts` runs them. */
import { MAX_REFERENCES } from '../../../domain/users/user.js';

/** So many of the newest users are looked through first: enough where a search finds one in a hundred. */
export const NEWEST = 3_000;

const AFTER_COLON = `lower(substr(r.reference, strpos(r.reference, ':') + 1))`;
/** The indexes users_… and user_references_… of drizzle/ are made of the same expressions. */
const OF_REFERENCES = ['lower(r.reference)', AFTER_COLON];
const OF_USERS = ['lower(u.username)', 'lower(u.first_name)'];

/** Byte by byte, as the indexes are ordered: LIKE would need its pattern when the statement is planned. */
const begins = (expression: string, words: readonly number[]) =>
  `(${words.map((n) => `${expression} ~>=~ $${n} and ${expression} ~<~ $${n + 1}`).join(' or ')})`;

/** $1 = before which number, $2 = how many, $3 = the tier or null, then each word and what lies behind all that begin so. */
const FIRST_WORD = 4;
const places = (words: number) => Array.from({ length: words }, (_, i) => FIRST_WORD + 2 * i);

/** What is asked besides the words. Said in the statement's text, so that each has the plan that suits it. */
export interface Only {
  tier: boolean;
  blocked: boolean | undefined;
}

const BLOCKED = 'u.blocked_at is not null';

/** Without a tier $3 is null, and its type must be told all the same. */
const terms = ({ tier, blocked }: Only): string =>
  [
    tier ? 'u.tier = $3' : '$3::text is null',
    ...(blocked === undefined ? [] : [blocked ? BLOCKED : `not (${BLOCKED})`]),
  ].join(' and ');

export const listed = (only: Only): string =>
  `select u.id from users u where ${terms(only)} and u.id < $1 order by u.id desc limit $2`;

/** Among the newest: at once where many match. `walked` tells whether that were all. */
export function searchNewest(words: number, only: Only): string {
  const all = places(words);
  const own = OF_USERS.map((expression) => begins(expression, all)).join(' or ');
  const names = OF_REFERENCES.map((expression) => begins(expression, all)).join(' or ');
  return `with newest as materialized (
    select u.id, u.username, u.first_name from users u
    where u.id < $1 and ${terms(only)} order by u.id desc limit ${NEWEST}
  ), found as (
    select u.id from newest u
    where ${own} or exists (select from user_references r where r.user_id = u.id and (${names}))
    order by u.id desc limit $2
  )
  select array(select id from found)::text as ids, (select count(*) from newest) as walked`;
}

/**
 * All that match, by index, and the newest of them: at once where few do, and 111,000 of a million in 30 ms. Without the
 * `+ 0` Postgres walks the users backwards instead, past 800,000 who do not match. A user may match with each reference.
 */
export function searchAll(words: number, only: Only): string {
  const isOf = only.tier || only.blocked !== undefined ? `and ${terms(only)}` : '';
  const branches = places(words).flatMap((n) => [
    ...OF_REFERENCES.map(
      (expression) => `(select r.user_id + 0 as id from user_references r
        ${isOf === '' ? '' : 'join users u on u.id = r.user_id'}
        where ${begins(expression, [n])} and r.user_id + 0 < $1 ${isOf}
        order by 1 desc limit $2 * ${MAX_REFERENCES})`,
    ),
    ...OF_USERS.map(
      (expression) => `(select u.id + 0 as id from users u
        where ${begins(expression, [n])} and u.id + 0 < $1 and ${terms(only)} order by 1 desc limit $2)`,
    ),
  ]);
  return `select id from (${branches.join('\nunion\n')}) found order by id desc limit $2`;
}

/**
 * What a search may look like in the index: a database of the C locale knows the case of ASCII letters only, so there
 * "аня" is also looked for as "Аня" and "АНЯ".
 */
export function spellings(search: string): string[] {
  const small = search.toLowerCase();
  const [first = '', ...rest] = small;
  return [...new Set([small, first.toUpperCase() + rest.join(''), search.toUpperCase()].map(asciiToLower))];
}

const asciiToLower = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** The last character that there is. */
const BEHIND = '\u{10ffff}';

export const boundsOf = (words: readonly string[]): string[] =>
  words.flatMap((word) => [word, word + BEHIND]);
