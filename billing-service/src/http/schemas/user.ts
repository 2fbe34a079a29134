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
    createdAt: time,
  },
  { title: 'User', description: 'Who is metered.' },
);

export const userBody = ({ channelSubscribedAt, createdAt, ...rest }: NamedUser) => ({
  ...rest,
  channelSubscribedAt: toIsoOrNull(channelSubscribedAt),
  createdAt: toIso(createdAt),
});
