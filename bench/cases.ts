/** What is measured: one call of one server, with one way to choose users. */
import type { Call, Choice } from './load/load.js';

/** `farebox` on Postgres + Redis; `embedded`: on PGlite and memory; `large`: farebox with a long ledger. */
export type ServerName =
  | 'farebox'
  | 'embedded'
  | 'large'
  | 'empty-route'
  | 'one-transaction'
  | 'in-bot-flow'
  | 'against';

export interface Case {
  name: string;
  server: ServerName;
  call: Call;
  choice: Choice;
  /** In words, for tables. */
  title: string;
  /** How a quick run measures it: at every number of connections, at the first only, or not at all. */
  quick: 'every' | 'first' | 'never';
}

type Target = [ServerName, Call, Choice?];

const of = (name: string, [server, call, choice]: Target, title: string, quick: Case['quick']): Case => ({
  ...{ name, server, call, title, quick },
  choice: choice ?? 'spread',
});

export const CASES: readonly Case[] = [
  of('empty', ['empty-route', 'reserve'], 'empty route (the ceiling)', 'every'),
  of('one-transaction', ['one-transaction', 'reserve'], 'one transaction a request', 'first'),
  of('in-bot', ['in-bot-flow', 'reserve'], 'the in-bot flow', 'first'),
  of('reserve', ['farebox', 'reserve'], 'reserve', 'every'),
  of('commit', ['farebox', 'commit'], 'commit', 'first'),
  of('life', ['farebox', 'life'], 'a whole life: reserve, commit', 'first'),
  of('reserve-limits', ['farebox', 'reserve-limits'], 'reserve with checkLimits', 'first'),
  of('check', ['farebox', 'check'], 'limits/check', 'first'),
  of('balance', ['farebox', 'balance'], 'balance', 'never'),
  of('reserve-hot', ['farebox', 'reserve', 'hot'], 'reserve, one hot user', 'first'),
  of('reserve-skewed', ['farebox', 'reserve', 'skewed'], 'reserve, a fifth on five users', 'never'),
  of('embedded-reserve', ['embedded', 'reserve'], 'embedded: reserve', 'never'),
  of('embedded-life', ['embedded', 'life'], 'embedded: a whole life', 'never'),
  of('embedded-check', ['embedded', 'check'], 'embedded: limits/check', 'never'),
];

/**
 * The same calls with 10 thousand users and an empty ledger, and with a million users and 10 million entries: first for
 * ten thousand of the million (the same traffic, longer tables), then for all (nearly every call is a user's first in a
 * while).
 */
export const LARGE_CASES: readonly Case[] = [
  caseNamed('reserve'),
  of('large-reserve', ['large', 'reserve', 'some'], 'reserve, 1 M users, 10 k of them active', 'never'),
  of('large-reserve-all', ['large', 'reserve'], 'reserve, 1 M users, all active', 'never'),
  caseNamed('life'),
  of('large-life', ['large', 'life', 'some'], 'a whole life, 1 M users, 10 k of them active', 'never'),
];

export function caseNamed(name: string): Case {
  const found = CASES.find((one) => one.name === name);
  if (!found) throw new Error(`no case is named ${name}`);
  return found;
}

/** The same cases of farebox, on the other checkout's service. */
export const againstCases = (cases: readonly Case[]): Case[] =>
  cases
    .filter(({ server }) => server === 'farebox')
    .map((one) => ({
      ...one,
      name: `${one.name}@against`,
      server: 'against',
      title: `${one.title} (other checkout)`,
    }));
