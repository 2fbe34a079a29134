import { command } from '../command.js';
import { harmless } from '../output/text-width.js';
import { USER_ARGUMENT } from './shared-options.js';
import { availableNow, change } from './user.js';
import { overrideWords } from './user-lines.js';

const MOST = 1_000_000_000_000;
const SOURCES = ['promo', 'topup', 'adjustment'] as const;

export const grant = command({
  name: 'grant',
  summary: 'Give a user tokens; with a negative amount, take some away.',
  arguments: [USER_ARGUMENT, { name: 'amount', what: 'How many; -50 takes 50 away.' }],
  options: {
    source: {
      value: 'SOURCE',
      what: 'As what: promo, or adjustment for a negative amount.',
      choices: SOURCES,
    },
    expires: { value: 'TIME', what: 'When what is left of them ends: 2027-01-01 or 30d; else never.' },
  },
  writes: 'needed',
  examples: [
    'grant telegram:123456 50 --reason "sorry for the wait"',
    'grant telegram:123456 -50 --reason "sent twice"',
  ],
  run: async (context) => {
    const { input, service, show, write } = context;
    const user = input.text('user');
    const amount = input.integer('amount', -MOST, MOST) ?? 0;
    const source = input.choice('source', SOURCES) ?? (amount < 0 ? 'adjustment' : 'promo');
    const expiresAt = input.time('expires', 'ahead');
    const writing = await write();
    const before = await availableNow(context, user);
    const answer = await service.write('post', '/tokens/grant', writing, {
      body: { user, amount, source, reason: writing.reason ?? '', ...(expiresAt ? { expiresAt } : {}) },
    });
    show(answer, () => [`${harmless(user)}: ${change('available', before, answer.body.balance.available)}`]);
  },
});

export const tier = command({
  name: 'tier',
  summary: 'Put a user on a tier at once, without a payment.',
  details: 'What was paid for goes on after it; the tier gift drops all paid time.',
  arguments: [USER_ARGUMENT, { name: 'tier', what: 'The tier’s id, such as professional.' }],
  options: { months: { value: 'N', what: 'For how many months (1).' } },
  writes: 'needed',
  examples: ['tier telegram:123456 professional --months 3 --reason "a partner"'],
  run: async (context) => {
    const { input, service, times, show, write } = context;
    const user = input.text('user');
    const months = input.integer('months', 1, 120) ?? 1;
    const writing = await write();
    const before = await availableNow(context, user);
    const answer = await service.write('put', '/users/{user}/tier', writing, {
      path: { user },
      body: { tier: input.text('tier'), months },
    });
    const { paidUntil, balance, tier: now } = answer.body;
    show(answer, () => [
      `${harmless(user)}: ${now}${paidUntil ? ` until ${times.full(paidUntil)}` : ''}; ${change('available', before, balance.available)}`,
    ]);
  },
});

const block = (name: 'block' | 'unblock') =>
  command({
    name,
    summary:
      name === 'block' ? 'Stop a user: checks and reserves are refused.' : 'Let a blocked user act again.',
    ...(name === 'block'
      ? {
          details:
            'What was begun goes on, and so do grants and payments. It holds everywhere within 100 ms.',
        }
      : {}),
    arguments: [USER_ARGUMENT],
    writes: 'needed',
    examples: [`${name} telegram:123456 --reason "${name === 'block' ? 'sent spam' : 'it was a mistake'}"`],
    run: async ({ input, service, show, write }) => {
      const writing = await write();
      const user = input.text('user');
      const answer = await service.write('put', '/users/{user}/block', writing, {
        path: { user },
        body: {
          blocked: name === 'block',
          ...(writing.reason === undefined ? {} : { reason: writing.reason }),
        },
      });
      const { blocked } = answer.body;
      show(answer, () => [
        `${harmless(user)}: ${blocked ? `blocked (${harmless(blocked.reason)})` : 'may act again'}`,
      ]);
    },
  });

export const blockUser = block('block');
export const unblockUser = block('unblock');

const WINDOWS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `image_generation:30/1d`, `*:500/60s` */
function policyOf(text: string) {
  const [, operation, limit, count, unit = ''] =
    /^([a-z0-9_*-]+):(\d{1,9})\/(\d{1,7})([smhd])$/.exec(text) ?? [];
  if (operation === undefined) return undefined;
  return { operation, limit: Number(limit), windowSeconds: Number(count) * (WINDOWS[unit] ?? 1) };
}

export const overrides = command({
  name: 'overrides',
  summary: 'Set limits of one user in place of the tier’s; each run replaces what was set.',
  arguments: [USER_ARGUMENT],
  options: {
    policies: {
      value: 'LIST',
      what: 'Rate limits: *:500/60s,image_generation:30/1d; none for no limit at all.',
    },
    'max-holds': { value: 'N', what: 'How many holds may be open at once.' },
    overdraft: { value: 'TOKENS', what: 'How far a finished work may go below zero.' },
    expires: { value: 'TIME', what: 'When they end by themselves: 2027-01-01 or 30d; else never.' },
    clear: { what: 'Take them away: the tier’s limits hold again.' },
  },
  writes: 'needed',
  examples: ['overrides telegram:123456 --policies "*:500/60s" --expires 30d --reason "a partner"'],
  run: async ({ input, service, times, show, write }) => {
    const user = input.text('user');
    const listed = input.optional('policies') === 'none' ? [] : input.list('policies');
    const policies =
      listed?.map(
        (text) => policyOf(text) ?? input.refuse('policies', `has ${text}, which is not like *:500/60s`),
      ) ?? null;
    const maxOpenReservations = input.integer('max-holds', 0, 1_000_000) ?? null;
    const overdraft = input.integer('overdraft', 0, MOST) ?? null;
    const isSet = policies !== null || maxOpenReservations !== null || overdraft !== null;
    if (isSet === input.flag('clear'))
      input.refuse('clear', 'or one of --policies, --max-holds and --overdraft is needed, not both');
    const expiresAt = input.time('expires', 'ahead') ?? null;
    const writing = await write();
    const answer = await service.write('put', '/users/{user}/overrides', writing, {
      path: { user },
      body: { policies, maxOpenReservations, overdraft, expiresAt, reason: writing.reason ?? null },
    });
    const now = answer.body.overrides;
    show(answer, () => [
      `${harmless(user)}: ${now ? harmless(overrideWords(now, times)) : 'the limits of the tier'}`,
    ]);
  },
});
