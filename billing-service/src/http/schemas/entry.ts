import { Type } from 'typebox';
import { ENTRY_KINDS, type Entry, type EntryKind } from '../../domain/account/entry.js';
import { toIso } from '../to-iso.js';
import { closed, nullable, pageOf, time } from './common.js';
import { EXAMPLE_RESERVATION } from './examples.js';
import { storedMetadata } from './stored-metadata.js';

export const entryKind = Type.Unsafe<EntryKind>({
  type: 'string',
  enum: [...ENTRY_KINDS],
  description: 'What happened to the tokens.',
  examples: ['charge'],
});

const text = (description: string, example: string | null) =>
  nullable(Type.String({ maxLength: 255, description }), { examples: [example] });

export const entry = closed(
  {
    id: Type.String({ maxLength: 32, description: 'Grows with time.', examples: ['1042'] }),
    kind: entryKind,
    amount: Type.Integer({ description: 'Signed.', examples: [-5] }),
    balanceAfter: Type.Integer({ description: 'The total after it.', examples: [95] }),
    source: text('Of grants and what ends them: tier, topup, promo, refund or adjustment.', null),
    operation: text('Of charges and refunds.', 'chatgpt_message'),
    reservationId: text('Of charges and refunds.', EXAMPLE_RESERVATION),
    createdAt: time,
    metadata: storedMetadata,
  },
  { title: 'Entry', description: 'One line of the ledger; never changed.' },
);

const archived = closed(
  {
    entries: Type.Integer({ minimum: 1, description: 'How many of this user’s.', examples: [310] }),
    through: time,
  },
  {
    title: 'ArchivedEntries',
    description:
      'On the last page, where older entries are in the archive’s files: what happened after `through` is all in the list.',
  },
);

export const entryPage = closed({ ...pageOf(entry).properties, archived: Type.Optional(archived) });

export const entryBody = <T extends Entry>({ id, createdAt, ...rest }: T) => ({
  ...rest,
  id: String(id),
  createdAt: toIso(createdAt),
});
