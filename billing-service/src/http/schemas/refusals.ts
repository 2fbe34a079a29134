import { Type } from 'typebox';
import { COUNTED_REFUSALS, type RefusalRow, type RefusalSum } from '../../domain/ports/refusal-store.js';
import { codeOf } from '../errors.js';
import { toIso } from '../to-iso.js';
import { closed, nullable, operationId, pagination, time, timeInput, userReference } from './common.js';

const KIND_OF = new Map(COUNTED_REFUSALS.map((kind) => [codeOf(kind) as string, kind]));

export const kindOf = (code: string | undefined) => (code === undefined ? undefined : KIND_OF.get(code));

const code = Type.Unsafe<string>({
  type: 'string',
  enum: [...KIND_OF.keys()],
  description: 'As which the call was refused; a denied check counts as `rate-limited`.',
  examples: ['rate-limited'],
});

export const refusalsQuery = closed({
  ...pagination,
  user: Type.Optional(userReference),
  operation: Type.Optional(operationId),
  code: Type.Optional(code),
  from: Type.Optional(timeInput('Only hours that begin then or later.')),
  to: Type.Optional(timeInput('Only hours that begin before.')),
});

export const refusalRow = closed(
  {
    hour: { ...time, description: 'The hour, by its beginning.' },
    user: nullable(userReference, {
      description: 'The user’s oldest reference; null where the user was erased.',
    }),
    operation: operationId,
    code,
    count: Type.Integer({ minimum: 1, description: 'How often.', examples: [12] }),
  },
  { title: 'RefusalCount', description: 'How often a user was refused in one hour.' },
);

export const refusalBody = ({ hour, user, operation, kind, count }: RefusalRow) => ({
  ...{ hour: toIso(hour), user, operation, code: codeOf(kind), count },
});

export const refusalSumsQuery = closed({
  from: Type.Optional(timeInput('Only hours that begin then or later.', '2026-01-01T00:00:00Z')),
  to: Type.Optional(timeInput('Only hours that begin before.', '2027-01-01T00:00:00Z')),
});

const refusalSum = closed(
  {
    code,
    count: Type.Integer({ minimum: 1, description: 'How often.', examples: [12] }),
    users: Type.Integer({ minimum: 1, description: 'Different users.', examples: [3] }),
  },
  { title: 'RefusalSum', description: 'How often users were refused.' },
);

export const refusalSums = closed({
  items: Type.Array(refusalSum, { maxItems: COUNTED_REFUSALS.length, description: 'The most first.' }),
});

export const refusalSumBody = ({ kind, ...sum }: RefusalSum) => ({ ...sum, code: codeOf(kind) });
