/** /docs, /openapi.json and /openapi.yaml; and `/`, which leads a person there. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Route } from '../define-route.js';
import { isKnown } from '../etag.js';
import { type OpenApiDocument, openApiDocument } from '../openapi/document.js';
import { Problem, sendProblem } from '../problem.js';
import { routes } from '../routes.js';
import type { Services } from '../services.js';
import { CONTENT_SECURITY_POLICY, pageHtml } from './page.js';
import { PAGE_FILES, type PageFile, pageFile, readPageFile } from './page-files.js';

/** Asked again each time, and answered 304 where nothing has changed. */
const ASK_AGAIN = 'no-cache';
/** The address has the content's version in it. */
const FOR_GOOD = 'public, max-age=31536000, immutable';

export function serveDocs(app: FastifyInstance, table: Route[]): void {
  const document = openApiDocument(table);
  // Each is made when first asked for: at the start all of them would take a tenth of it.
  const files = new Map(PAGE_FILES.map((name) => [name, lazily(() => readPageFile(name))]));
  const json = lazily(() =>
    pageFile('application/json; charset=utf-8', Buffer.from(JSON.stringify(document))),
  );
  const yaml = lazily(async () =>
    pageFile('application/yaml; charset=utf-8', Buffer.from(await yamlOf(document))),
  );
  const page = lazily(async () => {
    const versions = new Map<string, string>();
    for (const [name, file] of files) versions.set(name, (await file()).version);
    const address = (name: string) => `docs/${name}?v=${versions.get(name)}`;
    return pageFile('text/html; charset=utf-8', Buffer.from(pageHtml(address)));
  });

  app.get('/openapi.json', async (request, reply) => sendFile(request, reply, await json(), ASK_AGAIN));
  app.get('/openapi.yaml', async (request, reply) => sendFile(request, reply, await yaml(), ASK_AGAIN));
  app.get('/docs', async (request, reply) => {
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    return sendFile(request, reply, await page(), ASK_AGAIN);
  });
  // The page names its files relative to /docs, so that it works behind a proxy that adds to the path.
  app.get('/docs/', (_request, reply) => reply.redirect('../docs'));
  for (const [name, file] of files) {
    app.get(`/docs/${name}`, async (request, reply) => {
      const found = await file();
      const { v } = request.query as { v?: string };
      return sendFile(request, reply, found, v === found.version ? FOR_GOOD : ASK_AGAIN);
    });
  }
  app.get('/', (request, reply) => {
    // A browser's Accept names HTML; a program that calls this path has a mistake in its address.
    if (request.headers.accept?.includes('text/html')) return reply.redirect('docs');
    return sendProblem(request, reply, new Problem('not-found', 'There is no GET on this path.'));
  });
}

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: PageFile,
  caching: string,
): FastifyReply {
  const { type, body, gzipped, version } = file;
  const etag = `"${version}"`;
  reply.headers({
    etag,
    'cache-control': caching,
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
  });
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  reply.type(type);
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(request.headers['accept-encoding'] ?? '');
  return takesGzip ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(body);
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** With every call that there is, the test clock's too. */
export function completeOpenApiYaml(): Promise<string> {
  // Factories only keep what they are given, so the table can be read without any service behind it.
  const testClock = { advance: () => Promise.reject(new Error('only described')) };
  return yamlOf(openApiDocument(routes({ testClock } as unknown as Services)));
}

/** All strings in quotes: without them some readers take a time or a `no` for something else. */
async function yamlOf(document: OpenApiDocument): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(document, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  });
}
