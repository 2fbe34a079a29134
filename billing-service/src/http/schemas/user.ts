import { Type } from 'typebox';
import type { NamedUser } from '../../domain/users/read-user.js';
import { MAX_REFERENCES } from '../../domain/users/user.js';
import { toIso, toIsoOrNull } from '../to-iso.js';
import { closed, nullable, tierId, time, userReference } from './common.js';
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
    createdAt: time,
  },
  { title: 'User', description: 'Who is metered.' },
);

export const userBody = ({ channelSubscribedAt, blocked, createdAt, ...rest }: NamedUser) => ({
  ...rest,
  // An answer that was stored before there were blocks has none.
  blocked: blocked ? { reason: blocked.reason, at: toIso(blocked.at) } : null,
  channelSubscribedAt: toIsoOrNull(channelSubscribedAt),
  createdAt: toIso(createdAt),
});
