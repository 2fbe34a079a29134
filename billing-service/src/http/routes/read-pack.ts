import { defineRoute, type RouteFactory } from '../define-route.js';
import { sendRefusal } from '../problem.js';
import { notModified, pack, readConditions } from '../schemas/catalogue.js';
import { closed, packId } from '../schemas/common.js';
import { sendDocument } from '../send-document.js';

/** GET /packs/{pack} */
export const readPack: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'GET',
    url: '/packs/:pack',
    config: { scopes: 'any', refusals: ['unknown-pack'] },
    schema: {
      operationId: 'readPack',
      tags: ['Catalogue'],
      summary: 'Read a pack',
      description: 'Its ETag may be sent back in If-None-Match, and in If-Match of a PUT.',
      headers: readConditions,
      params: closed({ pack: packId }),
      response: { 200: pack, 304: notModified },
    },
    handler: async (request, reply) => {
      const found = catalogue.current().packs.get(request.params.pack);
      return found
        ? sendDocument(request, reply, found)
        : sendRefusal(request, reply, { kind: 'unknown_pack', pack: request.params.pack });
    },
  });
