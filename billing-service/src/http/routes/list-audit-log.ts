import { Type } from 'typebox';
import { listAuditLog as readLines } from '../../domain/audit-log/list-audit-log.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { timeOrNone } from '../read-input.js';
import { apiKeyId } from '../schemas/api-key.js';
import { auditedCall, auditLine, auditLineBody } from '../schemas/audit-log.js';
import { closed, pageOf, pagination, timeInput, userReference } from '../schemas/common.js';
import { sendOutcome } from '../send-outcome.js';

/** GET /audit-log */
export const listAuditLog: RouteFactory = ({ users, auditLog }) =>
  defineRoute({
    method: 'GET',
    url: '/audit-log',
    config: { scopes: ['support'] },
    schema: {
      operationId: 'listAuditLog',
      tags: ['Operations'],
      summary: 'List what operators wrote',
      description:
        'Newest first: every write that is not a user’s own use, with who made it, through what, and how things were ' +
        'before and after. Refused and repeated calls leave none. A line is never changed; erasing a user takes the ' +
        'words about that user out of it.',
      querystring: closed({
        ...pagination,
        actor: Type.Optional({ ...apiKeyId, description: 'Only what this API key wrote, by its id.' }),
        user: Type.Optional(userReference),
        action: Type.Optional(auditedCall),
        from: Type.Optional(timeInput('Not before this.')),
        to: Type.Optional(timeInput('Before this.')),
      }),
      response: { 200: pageOf(auditLine) },
    },
    handler: async (request, reply) => {
      const { limit, from, to, ...query } = request.query;
      const page = await readLines(
        { users, auditLog },
        { ...query, from: timeOrNone('from', from), to: timeOrNone('to', to), limit: Number(limit) },
      );
      return sendOutcome(request, reply, page, 200, ({ items, ...rest }) => ({
        items: items.map(auditLineBody),
        ...rest,
      }));
    },
  });
