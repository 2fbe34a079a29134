import { Type } from 'typebox';
import { defineRoute, type Route } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { closed, time } from '../schemas/common.js';
import type { TestClock } from '../services.js';
import { toIso } from '../to-iso.js';

const TEN_YEARS_S = 10 * 365 * 24 * 60 * 60;

/** POST /test-clock, only where TEST_CLOCK is set */
export const advanceTestClock = (testClock: TestClock): Route =>
  defineRoute({
    method: 'POST',
    url: '/test-clock',
    config: { audited: 'always', scopes: ['admin'] },
    schema: {
      operationId: 'advanceTestClock',
      tags: ['Test clock'],
      summary: 'Move the clock forward',
      description:
        'Only there when the service was started with TEST_CLOCK=true. Every instance on the same database moves along, and the time stays moved after a restart.',
      body: closed({
        advanceSeconds: Type.Integer({
          minimum: 0,
          maximum: TEN_YEARS_S,
          description: 'Seconds; 0 only asks for the time.',
          examples: [0],
        }),
      }),
      response: { 200: closed({ now: time }, { title: 'TestClockTime' }) },
    },
    handler: async (request, reply) =>
      reply.send({ now: toIso(await testClock.advance(request.body.advanceSeconds, authorOf(request))) }),
  });
