import { type Context, command } from '../command.js';
import { number, signed } from '../output/figures.js';
import { table } from '../output/table.js';
import { PAGE_OPTIONS, pageOf, showPage, USER_ARGUMENT } from './shared-options.js';
import { describeUser, entryColumns, grantColumns, holdColumns, paymentColumns } from './user-lines.js';

const FEW = 5;

export const user = command({
  name: 'user',
  summary: 'One user: balance, paid time, limits, holds, the last entries and payments.',
  details:
    'With --json only the user, as GET /users/{user}; the rest is what balance, holds, entries and payments say.',
  arguments: [USER_ARGUMENT],
  examples: ['user telegram:123456'],
  run: async (context) => {
    const { input, service, terminal, times, show, isJson } = context;
    const path = { user: input.text('user') };
    const found = await service.get('/users/{user}', { path });
    if (isJson) return show(found, () => []);
    const [balance, holds, entries, payments] = await Promise.all([
      service.get('/users/{user}/balance', { path }),
      service.get('/users/{user}/reservations', { path, query: { status: 'open', limit: FEW } }),
      service.get('/users/{user}/entries', { path, query: { limit: FEW } }),
      // A key may be let in to the user, and not to the payments.
      service.get('/payments', { query: { user: path.user, limit: FEW } }).catch(() => undefined),
    ]);
    const part = (title: string, lines: string[]) =>
      lines.length > 1 ? ['', terminal.paint.bold(title), ...lines] : [];
    show(found, () => [
      ...describeUser(context, found.body, balance.body),
      ...part(
        'Tokens, the next to be spent first',
        table(terminal, balance.body.grants, grantColumns(times)),
      ),
      ...part('Holds', table(terminal, holds.body.items, holdColumns(times))),
      ...part('Last entries', table(terminal, entries.body.items, entryColumns(times))),
      ...part(
        'Last payments',
        table(terminal, payments?.body.items ?? [], paymentColumns(terminal, times, 'of one user')),
      ),
    ]);
  },
});

export const balance = command({
  name: 'balance',
  summary: 'What a user has, and what is held of it.',
  arguments: [USER_ARGUMENT],
  run: async ({ input, service, terminal, times, show }) => {
    const answer = await service.get('/users/{user}/balance', { path: { user: input.text('user') } });
    const { available, reserved, total, spent, debt, grants } = answer.body;
    show(answer, () => [
      `${number(available)} available, ${number(reserved)} held, ${number(total)} in all; ${number(spent)} spent so far${debt > 0 ? `; owes ${number(debt)}` : ''}`,
      ...table(terminal, grants, grantColumns(times)).slice(0, grants.length > 0 ? undefined : 0),
    ]);
  },
});

const KINDS = ['grant', 'charge', 'refund', 'expiry', 'revoke', 'adjustment'] as const;

export const entries = command({
  name: 'entries',
  summary: 'The ledger of one user, newest first.',
  arguments: [USER_ARGUMENT],
  options: { kind: { value: 'KIND', what: 'Only these.', choices: KINDS }, ...PAGE_OPTIONS },
  run: async (context) => {
    const { input, service, terminal, times } = context;
    const query = { kind: input.choice('kind', KINDS), ...pageOf(context) };
    const answer = await service.get('/users/{user}/entries', { path: { user: input.text('user') }, query });
    showPage(context, answer, 'Nothing has moved.', (items) => table(terminal, items, entryColumns(times)));
  },
});

const STATUSES = ['open', 'committed', 'refunded', 'expired'] as const;

export const holds = command({
  name: 'holds',
  summary: 'The reservations of one user, newest first.',
  arguments: [USER_ARGUMENT],
  options: { status: { value: 'STATUS', what: 'Only these.', choices: STATUSES }, ...PAGE_OPTIONS },
  run: async (context) => {
    const { input, service, terminal, times } = context;
    const query = { status: input.choice('status', STATUSES), ...pageOf(context) };
    const path = { user: input.text('user') };
    const answer = await service.get('/users/{user}/reservations', { path, query });
    showPage(context, answer, 'There are none.', (items) => table(terminal, items, holdColumns(times)));
  },
});

export const users = command({
  name: 'users',
  summary: 'Find users by what a reference, a username or a first name begins with.',
  arguments: [{ name: 'text', what: 'At least two letters; without it the newest users.', optional: true }],
  options: {
    tier: { value: 'TIER', what: 'Only those on this tier.' },
    blocked: { what: 'Only those who are blocked.' },
    ...PAGE_OPTIONS,
  },
  examples: ['users ada', 'users --tier professional --limit 50'],
  run: async (context) => {
    const { input, service, terminal, times } = context;
    const search = input.optional('text');
    const blocked = input.flag('blocked') ? ('true' as const) : undefined;
    const answer = await service.get('/users', {
      query: { search, tier: input.optional('tier'), blocked, ...pageOf(context) },
    });
    showPage(context, answer, 'Nobody was found.', (items) =>
      table(terminal, items, [
        {
          title: 'user',
          of: ({ user }) => user,
          paint: (text, { blocked }) => (blocked ? terminal.paint.red(text) : text),
        },
        { title: 'tier', of: ({ tier }) => tier },
        { title: 'available', right: true, of: ({ balance }) => number(balance.available) },
        {
          title: 'held',
          right: true,
          of: ({ balance }) => (balance.reserved ? number(balance.reserved) : ''),
        },
        { title: times.heading('since'), of: ({ createdAt }) => times.short(createdAt) },
        { title: '', of: ({ blocked }) => (blocked ? 'blocked' : '') },
        { title: 'name', of: nameOf },
      ]),
    );
  },
});

export const nameOf = ({
  username,
  firstName,
}: {
  username: string | null;
  firstName: string | null;
}): string => [firstName, username ? `@${username}` : ''].filter(Boolean).join(' ');

/** `available 30 → 130`; the first where it is known. */
export const change = (what: string, before: number | undefined, after: number): string =>
  before === undefined || before === after
    ? `${what} ${number(after)}`
    : `${what} ${number(before)} → ${number(after)} (${signed(after - before)})`;

/** Before a write; undefined where this key may not look, or there is nobody yet. */
export async function availableNow(
  { service }: Pick<Context, 'service'>,
  user: string,
): Promise<number | undefined> {
  try {
    return (await service.get('/users/{user}/balance', { path: { user } })).body.available;
  } catch {
    return undefined;
  }
}
