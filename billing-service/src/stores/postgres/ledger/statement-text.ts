import { readFileSync } from 'node:fs';
import { BY_AMOUNT } from '../../../domain/account/reservation-receipt.js';
import { MAX_LIFE_MS } from '../../../domain/tokens/extend-reservation.js';

/** What a transition is called in hot/transition.sql. */
export const ACTS = { commit: 1, release: 2, extend: 3 } as const;

/** What hot/reserve.sql says of an item: it goes the slow path, is held, finally refused, or tried again with the next batch. */
export const STATUSES = { slow: 0, held: 1, refused: 2, again: 3 } as const;

/** Of a row `a` of accounts: all its tokens less its debt, and what of it nobody holds. Parentheses make it safe anywhere. */
export const TOTAL = '(a.front_left + a.rest - a.debt)';
const AVAILABLE = `(${TOTAL} - a.reserved)`;

/** A hold of account `a` has ended, one of no tokens too. `now` is how the statement names the present moment. */
export const holdsDue = (now: string) =>
  `((a.open_count > 0 and a.hold_due_at <= ${now}::timestamptz) is true)`;

/** hold_due_at of an account that no hot call may touch, though none of its holds may have ended. */
export const NEVER_HOT_MS = 0;

/** A hold of account `a` has ended, and that is not merely said to keep hot calls away. */
export const holdsOver = (now: string) =>
  `(${holdsDue(now)} and a.hold_due_at <> to_timestamp(${NEVER_HOT_MS}))`;

/** Something happened by itself in account `a`: its next step is the slow path's. */
export const accountDue = (now: string) =>
  `((a.next_due_at <= ${now}::timestamptz) is true or ${holdsDue(now)})`;

/** Items of a batch whose key has an answer already. */
const KNOWN = `known as materialized (
  select item.ord from item
  cross join lateral (
    select from idempotency_keys k where k.user_id = item.user_id and k.key_hash = item.key_hash limit 1
  ) k
  where item.key_hash is not null
)`;

/** Rules that several statements follow, each written once; a statement names them in braces. $1 is now. */
const TERMS: Record<string, string> = {
  total: TOTAL,
  available: AVAILABLE,
  due: accountDue('$1'),
  known: KNOWN,
  'by amount': BY_AMOUNT,
  'longest life': `interval '${MAX_LIFE_MS / 1000} seconds'`,
  ...numbers(ACTS),
  ...numbers(STATUSES, 'status '),
};

function numbers(of: Record<string, number>, prefix = ''): Record<string, string> {
  return Object.fromEntries(Object.entries(of).map(([name, number]) => [`${prefix}${name}`, String(number)]));
}

/** hot/<file>.sql with its terms filled in. Throws at load where it names one that is not there. */
export function statementText(file: string): string {
  const text = readFileSync(new URL(`./hot/${file}.sql`, import.meta.url), 'utf8');
  return text.replaceAll(/\{([a-z ]+)\}/g, (_, name: string) => {
    const term = TERMS[name];
    if (term === undefined) throw new Error(`hot/${file}.sql names {${name}}, which is no term`);
    return term;
  });
}
