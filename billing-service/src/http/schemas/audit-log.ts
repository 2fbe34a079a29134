import { Type } from 'typebox';
import type { AuditLine } from '../../domain/ports/audit-log.js';
import { toIso } from '../to-iso.js';
import { apiKeyId, keyName } from './api-key.js';
import { closed, nullable, time, userReference } from './common.js';
import { CALL } from './text-rules.js';

export const auditedCall = Type.String({
  minLength: 1,
  maxLength: 64,
  ...CALL,
  description: 'The call, by its operationId.',
  examples: ['grantTokens'],
});

const picture = (description: string, example: object) =>
  Type.Unsafe<object | null>({
    type: ['object', 'null'],
    additionalProperties: true,
    description,
    examples: [example],
  });

const actor = closed(
  {
    apiKeyId,
    name: keyName,
    via: Type.Unsafe<AuditLine['actor']['via']>({
      type: 'string',
      enum: ['api', 'console', 'cli'],
      description: 'As the call’s `X-Farebox-Via` said.',
    }),
  },
  { title: 'Actor', description: 'The key, named as it was then; `settings` is the one of ADMIN_API_KEY.' },
);

export const auditLine = closed(
  {
    id: Type.String({ maxLength: 32, description: 'Of this line.', examples: ['17'] }),
    at: time,
    actor,
    action: auditedCall,
    user: nullable(userReference, {
      description: 'The user’s oldest reference; null where the write is about none, or the user was erased.',
    }),
    target: nullable(
      Type.String({
        maxLength: 300,
        description: 'Of what it was besides a user: a tier, a key, a payment.',
      }),
      { examples: [null] },
    ),
    reason: nullable(Type.String({ maxLength: 500, description: 'As the call gave it.' }), {
      examples: ['the answer was cut off'],
    }),
    before: picture('How it was; null where nothing was.', {
      balance: { available: 30, reserved: 0, total: 30 },
    }),
    after: picture('How it is then; null where nothing is left.', {
      balance: { available: 130, reserved: 0, total: 130 },
    }),
    requestId: Type.String({
      maxLength: 128,
      description: 'The call’s x-request-id.',
      examples: ['s9xQPHwv-3'],
    }),
  },
  { title: 'AuditLine', description: 'One write by an operator.' },
);

export const auditLineBody = ({ id, at, ...line }: AuditLine) => ({
  id: String(id),
  at: toIso(at),
  ...line,
});
