import { defineRoute, type RouteFactory } from '../define-route.js';
import { sendRefusal } from '../problem.js';
import { notModified, operation, readConditions } from '../schemas/catalogue.js';
import { closed, operationId } from '../schemas/common.js';
import { sendDocument } from '../send-document.js';

/** GET /operations/{operation} */
export const readOperation: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'GET',
    url: '/operations/:operation',
    config: { scopes: 'any', refusals: ['unknown-operation'] },
    schema: {
      operationId: 'readOperation',
      tags: ['Catalogue'],
      summary: 'Read an operation',
      description: 'Its ETag may be sent back in If-None-Match, and in If-Match of a PUT.',
      headers: readConditions,
      params: closed({ operation: operationId }),
      response: { 200: operation, 304: notModified },
    },
    handler: async (request, reply) => {
      const found = catalogue.current().operations.get(request.params.operation);
      return found
        ? sendDocument(request, reply, found)
        : sendRefusal(request, reply, { kind: 'unknown_operation', operation: request.params.operation });
    },
  });
