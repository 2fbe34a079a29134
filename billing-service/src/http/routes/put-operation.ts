import { operationItem } from '../../domain/catalogue/catalogue-item.js';
import { putOperation as writeOperation } from '../../domain/catalogue/put-catalogue.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { preconditionOf } from '../etag.js';
import { authorOf } from '../hooks/note-author.js';
import { operation, operationInput, writeConditions } from '../schemas/catalogue.js';
import { closed, operationId } from '../schemas/common.js';
import { refuseOtherId, sendPut } from '../send-document.js';

/** PUT /operations/{operation} */
export const putOperation: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'PUT',
    url: '/operations/:operation',
    config: { audited: 'always', scopes: ['admin'], refusals: ['precondition-failed', 'catalogue-full'] },
    schema: {
      operationId: 'putOperation',
      tags: ['Catalogue'],
      summary: 'Write an operation',
      description:
        'New prices hold for what is reserved from now on: a reservation keeps the version that it was made under.',
      headers: writeConditions,
      params: closed({ operation: operationId }),
      body: operationInput,
      response: { 200: operation, 201: operation },
    },
    handler: async (request, reply) => {
      const { params, body, headers } = request;
      refuseOtherId(params.operation, body.id);
      const item = operationItem({ ...body, id: params.operation });
      return sendPut(
        request,
        reply,
        await writeOperation(catalogue.by(authorOf(request)), item, preconditionOf(headers)),
      );
    },
  });
