import { type TProperties, Type } from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import type { UserLine } from '../../domain/moving/user-line.js';
import { MAX_REFERENCES } from '../../domain/users/user.js';
import { toIso, toIsoOrNull } from '../to-iso.js';
import { auditLine } from './audit-log.js';
import { closed, nullable, tierId, time, timeInput, userReference } from './common.js';
import { entry } from './entry.js';
import { payment } from './payments.js';
import { reservation } from './reservation.js';
import { profileMembers } from './user.js';

export const exportQuery = closed({
  format: Type.Optional(
    Type.Unsafe<'ndjson' | 'csv'>({
      type: 'string',
      enum: ['ndjson', 'csv'],
      description: 'A JSON object a line, the default; or RFC 4180 with a header, for spreadsheets.',
    }),
  ),
  from: Type.Optional(timeInput('Only what is not before this.')),
  to: Type.Optional(timeInput('Only what is before this.')),
});

const user = nullable(userReference, {
  description: 'The user’s oldest reference; null of one who was erased.',
});
const counted = {
  tier: nullable(tierId, { description: 'The user’s tier then, where it was known.' }),
  model: nullable(Type.String({ maxLength: 128, description: 'Of the work, where it was told.' }), {
    examples: ['gpt-5'],
  }),
};
const { balance: _, affordable: __, receipt: ___, ...reservationMembers } = reservation.properties;

const line = (title: string, description: string, members: TProperties) =>
  closed(members, { title, description });

export const exportLines = {
  users: line('UserLine', 'All that a user was promised, as one line.', {
    user: userReference,
    references: Type.Array(userReference, {
      maxItems: MAX_REFERENCES,
      description: 'All names of this user, oldest first.',
    }),
    ...profileMembers,
    createdAt: time,
    tier: tierId,
    periodEnd: nullable(time, { description: 'End of the current period.' }),
    paidUntil: nullable(time, {
      description: 'End of the tier’s paid time; null on gift.',
      examples: [null],
    }),
    channelSubscribedAt: nullable(time, { description: 'Since when the channel is joined.' }),
    tokensBalance: Type.Integer({ description: 'What is left, held tokens too; negative in debt.' }),
    tokensSpent: Type.Integer({ minimum: 0, maximum: MAX_TOKENS * 1000, description: 'All ever spent.' }),
  }),
  entries: line('EntryLine', 'One line of the ledger.', { user, ...entry.properties, ...counted }),
  reservations: line('ReservationLine', 'A reservation, without its receipt.', {
    ...reservationMembers,
    user,
    ...counted,
  }),
  payments: line('PaymentLine', 'A payment.', { ...payment.properties, user }),
  'audit-log': auditLine,
};

export const userLineBody = ({
  createdAt,
  periodEnd,
  paidUntil,
  channelSubscribedAt,
  ...line
}: UserLine) => ({
  ...line,
  createdAt: toIso(createdAt),
  periodEnd: toIsoOrNull(periodEnd),
  paidUntil: toIsoOrNull(paidUntil),
  channelSubscribedAt: toIsoOrNull(channelSubscribedAt),
});
