/** /docs, /openapi.json and /openapi.yaml. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { Route } from './define-route.js';
import { type OpenApiDocument, openApiDocument } from './openapi/document.js';
import { routes } from './routes.js';
import type { Services } from './services.js';

/** Everything from this origin; Swagger UI styles itself inline and draws its icons as data. */
const CSP = {
  'default-src': "'self'",
  'base-uri': "'self'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
};

/** Ids in examples that stand for one that an earlier call has answered: replaced in the browser by the last one. */
const uiConfig = {
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  requestInterceptor: withLastIds,
  responseInterceptor: keepLastIds,
};

interface Exchange {
  url: string;
  body?: unknown;
  text?: string;
}

// These two run in the browser: swagger-ui writes their source into the page, so they may use nothing from here.
function keepLastIds(response: Exchange): Exchange {
  const last = globalThis as unknown as Record<string, string | undefined>;
  last.fareboxReservation =
    /"reservationId":"(rsv_[^"]+)"/.exec(response.text ?? '')?.[1] ?? last.fareboxReservation;
  last.fareboxKey = /"id":"(key_[^"]+)"/.exec(response.text ?? '')?.[1] ?? last.fareboxKey;
  return response;
}

function withLastIds(request: Exchange): Exchange {
  const last = globalThis as unknown as Record<string, string | undefined>;
  const replace = (text: string): string =>
    text
      .replace('rsv_AAAAAAAAAAEBkQAAAAB8AIAAAAAAAAAB', last.fareboxReservation ?? '$&')
      .replace('key_0Ab1Cd2Ef3Gh4Ij5', last.fareboxKey ?? '$&');
  request.url = replace(request.url);
  if (typeof request.body === 'string') request.body = replace(request.body);
  return request;
}

export async function serveDocs(app: FastifyInstance, table: Route[]): Promise<void> {
  const document = openApiDocument(table);
  // Written when first asked for: it takes a tenth of the whole start.
  let yaml: Promise<string> | undefined;
  await app.register(swagger, { mode: 'static', specification: { document: document as never } });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: CSP, uiConfig: uiConfig as never });
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => reply.send(document));
  app.get('/openapi.yaml', { schema: { hide: true } }, async (_request, reply) => {
    yaml ??= yamlOf(document);
    return reply.type('application/yaml; charset=utf-8').send(await yaml);
  });
}

/** With every call that there is, the test clock's too. */
export function completeOpenApiYaml(): Promise<string> {
  // Factories only keep what they are given, so the table can be read without any service behind it.
  const testClock = { advance: () => Promise.reject(new Error('only described')) };
  return yamlOf(openApiDocument(routes({ testClock } as unknown as Services)));
}

/** All strings in quotes: without them some YAML readers misread times and words such as `no`. */
async function yamlOf(document: OpenApiDocument): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(document, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  });
}
