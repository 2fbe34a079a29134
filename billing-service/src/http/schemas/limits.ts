/** The bodies and answers of limits/*; reserve with checkLimits carries the answer of limits/check too. */
import { Type } from 'typebox';
import { byDefault, closed, nullable, operationId, tierId, time, userReference } from './common.js';
import { LINE } from './text-rules.js';

const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

const policyState = closed(
  {
    name: Type.String({ maxLength: 100, description: 'As in the RateLimit headers.', examples: ['all'] }),
    operation: Type.String({ maxLength: 64, description: 'The operation, or `*` for all.', examples: ['*'] }),
    limit: count('At most so many', 10),
    windowSeconds: count('in any window of so many seconds.', 60),
    remaining: count('Left after this call.', 9),
    resetAt: time,
  },
  { title: 'PolicyState', description: 'One rate limit’s state.' },
);

export const limitDecision = closed(
  {
    allowed: Type.Boolean({ description: 'False: do not act; nothing was counted.', examples: [true] }),
    checkId: nullable(Type.String({ maxLength: 128 }), {
      description: 'For limits/undo; null on a peek.',
      examples: ['message-42'],
    }),
    tier: { ...tierId, examples: ['gift'] },
    operation: operationId,
    limit: nullable(count('Of the deciding policy; null without policies.', 10)),
    remaining: nullable(count('After this call.', 9)),
    resetAt: nullable(time, { description: 'When the limit is whole again.' }),
    retryAfter: count('Whole seconds to wait; 0 when allowed.', 0),
    policies: Type.Array(policyState, { maxItems: 100 }),
    degraded: Type.Boolean({ description: 'Counted in the service’s own memory while Redis is away.' }),
  },
  { title: 'LimitDecision', description: 'May the user act now?' },
);

const checkId = Type.String({
  minLength: 1,
  maxLength: 128,
  ...LINE,
  description: 'Your name for this check of this user and operation.',
  examples: ['message-42'],
});

export const checkBody = closed(
  {
    user: userReference,
    operation: operationId,
    cost: byDefault(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'How many requests this one counts as.',
        examples: [1],
      }),
      1,
    ),
    peek: byDefault(Type.Boolean({ description: 'Only look: count nothing.', examples: [false] }), false),
    checkId: Type.Optional({
      ...checkId,
      description: 'The same one counts once within the longest window; made where absent.',
    }),
  },
  { title: 'CheckLimits' },
);

export const undoBody = closed(
  { user: userReference, operation: operationId, checkId },
  { title: 'UndoCheck' },
);

export const undone = closed(
  {
    undone: Type.Boolean({
      description: 'False: there was nothing (more) to give back.',
      examples: [true],
    }),
  },
  { title: 'UndoneCheck' },
);
