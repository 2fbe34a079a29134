import { packItem } from '../../domain/catalogue/catalogue-item.js';
import { putPack as writePack } from '../../domain/catalogue/put-catalogue.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { preconditionOf } from '../etag.js';
import { authorOf } from '../hooks/note-author.js';
import { pack, packInput, writeConditions } from '../schemas/catalogue.js';
import { closed, packId } from '../schemas/common.js';
import { refuseOtherId, sendPut } from '../send-document.js';

/** PUT /packs/{pack} */
export const putPack: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'PUT',
    url: '/packs/:pack',
    config: { audited: 'always', scopes: ['admin'], refusals: ['precondition-failed', 'catalogue-full'] },
    schema: {
      operationId: 'putPack',
      tags: ['Catalogue'],
      summary: 'Write a pack',
      description: 'Tokens and prices hold for what is paid from now on.',
      headers: writeConditions,
      params: closed({ pack: packId }),
      body: packInput,
      response: { 200: pack, 201: pack },
    },
    handler: async (request, reply) => {
      const { params, body, headers } = request;
      refuseOtherId(params.pack, body.id);
      const item = packItem({ ...body, id: params.pack });
      return sendPut(
        request,
        reply,
        await writePack(catalogue.by(authorOf(request)), item, preconditionOf(headers)),
      );
    },
  });
