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
  /** Also where little time is to be had. */
  quick: boolean;
}

const of = (
  name: string,
  [server, call, choice]: [ServerName, Call, Choice?],
  title: string,
  quick = false,
): Case => ({ name, server, call, choice: choice ?? 'spread', title, quick });

const QUICK = true;

export const CASES: readonly Case[] = [
  of('empty', ['empty-route', 'reserve'], 'empty route', QUICK),
  of('one-transaction', ['one-transaction', 'reserve'], 'one transaction a request', QUICK),
  of('in-bot', ['in-bot-flow', 'reserve'], 'in-bot flow', QUICK),
  of('reserve', ['farebox', 'reserve'], 'reserve', QUICK),
  of('commit', ['farebox', 'commit'], 'commit', QUICK),
  of('life', ['farebox', 'life'], 'life: reserve, commit', QUICK),
  of('reserve-limits', ['farebox', 'reserve-limits'], 'reserve with checkLimits', QUICK),
  of('check', ['farebox', 'check'], 'limits/check', QUICK),
  of('balance', ['farebox', 'balance'], 'balance'),
  of('reserve-hot', ['farebox', 'reserve', 'hot'], 'reserve, one hot user', QUICK),
  of('reserve-skewed', ['farebox', 'reserve', 'skewed'], 'reserve, a fifth on five users'),
];

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
