import type { Context } from '../command.js';
import { money, number, signed } from '../output/figures.js';
import type { LocalTimes } from '../output/local-times.js';
import { policyWords } from '../output/policy-words.js';
import { type Column, facts } from '../output/table.js';
import type { Terminal } from '../output/terminal.js';
import { harmless } from '../output/text-width.js';
import type { AnswerTo } from '../service.js';
import { productWords } from './product-words.js';

type Body<P extends Parameters<Context['service']['get']>[0]> = AnswerTo<'get', P>['body'];
type Items<P extends Parameters<Context['service']['get']>[0]> =
  Body<P> extends { items: (infer Item)[] } ? Item : never;
type User = Body<'/users/{user}'>;
type Balance = Body<'/users/{user}/balance'>;

/** Who it is, and how they stand. */
export function describeUser(
  { terminal, times }: Pick<Context, 'terminal' | 'times'>,
  user: User,
  balance: Balance,
): string[] {
  const { paint } = terminal;
  const { firstName, username, references, blocked, overrides } = user;
  const name = harmless([firstName, username ? `@${username}` : ''].filter(Boolean).join(' '));
  const others = references.filter((one) => one !== user.user);
  const affordable = Object.entries(balance.affordable as Record<string, number | null>);
  return [
    `${paint.bold(harmless(user.user))}${name ? `  ${name}` : ''}`,
    ...facts(terminal, [
      ['also', others.map(harmless).join(', ')],
      ['blocked', blocked ? paint.red(harmless(`since ${times.full(blocked.at)}: ${blocked.reason}`)) : ''],
      ['since', times.full(user.createdAt)],
      ['locale', harmless(user.locale ?? '')],
      ['tier', tierWords(balance, times)],
      [
        'then',
        balance.upcoming
          .map((one) => `${one.tier} ${times.full(one.from)} to ${times.full(one.until)}`)
          .join('; '),
      ],
      ['available', paint.bold(number(balance.available))],
      ['held', balance.reserved > 0 ? `${number(balance.reserved)} of ${number(balance.total)}` : ''],
      ['owes', balance.debt > 0 ? paint.yellow(number(balance.debt)) : ''],
      ['spent', `${number(balance.spent)} so far`],
      [
        'enough for',
        affordable.map(([name, n]) => `${n === null ? 'any number' : number(n)} × ${name}`).join(', '),
      ],
      ['channel', user.channelSubscribedAt ? `since ${times.full(user.channelSubscribedAt)}` : ''],
      ['own limits', overrides ? harmless(overrideWords(overrides, times)) : ''],
    ]),
  ];
}

function tierWords({ tier, paidUntil, renewsAt }: Balance, times: LocalTimes): string {
  if (paidUntil) return `${tier}, paid until ${times.full(paidUntil)}`;
  return renewsAt ? `${tier}, its month ends ${times.full(renewsAt)}` : tier;
}

export function overrideWords(overrides: NonNullable<User['overrides']>, times: LocalTimes): string {
  const { policies, maxOpenReservations, overdraft, expiresAt, reason } = overrides;
  const parts = [
    policies === null ? '' : policies.map(policyWords).join(', ') || 'no rate limit',
    maxOpenReservations === null ? '' : `${number(maxOpenReservations)} holds at once`,
    overdraft === null ? '' : `overdraft ${number(overdraft)}`,
    expiresAt === null ? '' : `until ${times.full(expiresAt)}`,
  ];
  return `${parts.filter(Boolean).join('; ')} (${reason})`;
}

export const grantColumns = (times: LocalTimes): Column<Balance['grants'][number]>[] => [
  { title: 'source', of: ({ source }) => source },
  { title: 'left', right: true, of: ({ remaining }) => number(remaining) },
  { title: times.heading('ends'), of: ({ expiresAt }) => (expiresAt ? times.short(expiresAt) : 'never') },
];

export const holdColumns = (times: LocalTimes): Column<Items<'/users/{user}/reservations'>>[] => [
  { title: times.heading('begun'), of: ({ createdAt }) => times.short(createdAt) },
  { title: 'operation', of: ({ operation }) => operation },
  { title: 'held', right: true, of: ({ amount }) => number(amount) },
  {
    title: 'charged',
    right: true,
    of: ({ status, charged }) => (status === 'committed' ? number(charged) : ''),
  },
  { title: 'given back', right: true, of: (one) => (one.refundedTotal > 0 ? number(one.refundedTotal) : '') },
  { title: 'status', of: ({ status }) => status },
  { title: 'ends', of: ({ status, expiresAt }) => (status === 'open' ? times.short(expiresAt) : '') },
  { title: 'reservation', of: ({ reservationId }) => reservationId },
];

export const entryColumns = (times: LocalTimes): Column<Items<'/users/{user}/entries'>>[] => [
  { title: times.heading('when'), of: ({ createdAt }) => times.short(createdAt) },
  { title: 'what', of: ({ kind, source }) => (source && source !== kind ? `${kind} (${source})` : kind) },
  { title: 'tokens', right: true, of: ({ amount }) => signed(amount) },
  { title: 'then', right: true, of: ({ balanceAfter }) => number(balanceAfter) },
  { title: 'operation', of: ({ operation }) => operation ?? '' },
  { title: 'why', of: ({ metadata }) => reasonIn(metadata) },
];

const reasonIn = (metadata: Record<string, unknown> | null): string =>
  typeof metadata?.reason === 'string' ? metadata.reason : '';

export const paymentColumns = (
  { paint }: Pick<Terminal, 'paint'>,
  times: LocalTimes,
  of: 'of all' | 'of one user',
): Column<Items<'/payments'>>[] => [
  { title: times.heading('when'), of: ({ createdAt }) => times.short(createdAt) },
  ...(of === 'of all'
    ? [{ title: 'user', of: ({ user }: { user: string | null }) => user ?? '(nobody any more)' }]
    : []),
  { title: 'amount', right: true, of: ({ amount, currency }) => money(amount, currency) },
  { title: 'for', of: ({ product }) => productWords(product, times) },
  { title: 'gave', right: true, of: ({ granted }) => number(granted) },
  {
    title: 'refunded',
    of: ({ refundedAt }) => times.maybe(refundedAt),
    paint: (text) => paint.yellow(text),
  },
  { title: 'payment', of: ({ provider, paymentId }) => `${provider} ${paymentId}` },
];
