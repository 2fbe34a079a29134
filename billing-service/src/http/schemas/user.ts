import { Type } from 'typebox';
import type { NamedUser } from '../../domain/users/read-user.js';
import { MAX_REFERENCES } from '../../domain/users/user.js';
import { toIso, toIsoOrNull } from '../to-iso.js';
import { limitMembers } from './catalogue.js';
import { byDefault, closed, nullable, tierId, time, timeInput, userReference } from './common.js';
import { LINE } from './text-rules.js';

const text = (description: string, example: string) =>
  nullable(Type.String({ maxLength: 255, ...LINE, description, examples: [example] }));

export const profileMembers = {
  username: text('As the frontend shows it.', 'you'),
  firstName: text('The given name.', 'Ada'),
  locale: text('The language, as a BCP 47 tag.', 'en'),
};

export const blockReason = Type.String({
  minLength: 1,
  maxLength: 500,
  ...LINE,
  description: 'Why; shown to whoever the user’s calls are refused to.',
  examples: ['sent spam'],
});

const block = closed(
  { reason: blockReason, at: time },
  { title: 'Block', description: 'An operator’s stop, and since when.' },
);

const own = {
  policies: nullable(limitMembers.policies, {
    description: 'In place of the tier’s whole list; empty: no limit. Null: the tier’s.',
    examples: [null],
  }),
  maxOpenReservations: nullable(limitMembers.maxOpenReservations, {
    description: 'How many reservations the user may have open. Null: as the tier says.',
    examples: [20],
  }),
  overdraft: nullable(limitMembers.overdraft, {
    description: 'How far below zero a finished work may be charged. Null: as the tier says.',
    examples: [null],
  }),
};
const overrideReason = {
  ...blockReason,
  description: 'Why; for the audit log and other operators.',
  examples: ['a partner'],
};

export const overridesInput = closed({
  policies: byDefault(own.policies, null),
  maxOpenReservations: byDefault(own.maxOpenReservations, null),
  overdraft: byDefault(own.overdraft, null),
  expiresAt: Type.Optional(
    nullable(timeInput('When all is the tier’s again, by itself; null: never.'), { examples: [null] }),
  ),
  reason: Type.Optional(nullable(Type.String(overrideReason), { description: 'Why; needed to set any.' })),
});

const overrides = closed(
  { ...own, expiresAt: nullable(time), reason: Type.String(overrideReason) },
  { title: 'Overrides', description: 'Limits of one user in place of the tier’s.' },
);

export const user = closed(
  {
    user: userReference,
    references: Type.Array(userReference, {
      maxItems: MAX_REFERENCES,
      description: 'All names of this user, oldest first.',
    }),
    ...profileMembers,
    tier: tierId,
    channelSubscribedAt: nullable(time, { description: 'Since when the channel is joined.' }),
    blocked: nullable(block, { description: 'Null where the user may act.', examples: [null] }),
    overrides: nullable(overrides, {
      description: 'Null where all limits are the tier’s, also when those of the user’s own are over.',
      examples: [null],
    }),
    createdAt: time,
  },
  { title: 'User', description: 'Who is metered.' },
);

export const userBody = ({ channelSubscribedAt, blocked, overrides, createdAt, ...rest }: NamedUser) => ({
  ...rest,
  // An answer that was stored before there were blocks or overrides has none.
  blocked: blocked ? { reason: blocked.reason, at: toIso(blocked.at) } : null,
  overrides: overrides ? { ...overrides, expiresAt: toIsoOrNull(overrides.expiresAt) } : null,
  channelSubscribedAt: toIsoOrNull(channelSubscribedAt),
  createdAt: toIso(createdAt),
});
