import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import t from 'tap';
import { parse } from 'yaml';
import { completeOpenApiYaml, serveDocs } from '../../src/http/docs.js';
import { routes } from '../../src/http/routes.js';
import type { Services } from '../../src/http/services.js';

const committed = readFileSync(new URL('../../../../openapi.yaml', import.meta.url), 'utf8');

t.test('the committed openapi.yaml is what the routes say (else: npm run openapi)', async (t) => {
  t.equal(committed, await completeOpenApiYaml());
});

t.test('the service serves the same document as YAML, as JSON and to /docs', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  const testClock = { advance: async () => 0 };
  await serveDocs(app, routes({ testClock } as unknown as Services));
  t.equal((await app.inject('/openapi.yaml')).body, committed);
  t.strictSame((await app.inject('/openapi.json')).json(), parse(committed));
  const page = await app.inject('/docs');
  t.equal(page.statusCode, 200);
  t.match(page.body, /swagger-ui/);
  t.notMatch(page.body, /https?:\/\//, 'nothing is loaded from elsewhere');
  t.match(page.headers['content-security-policy'], /default-src 'self'/);
});

t.test('a service without a test clock does not show one', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  await serveDocs(app, routes({} as Services));
  const { paths } = (await app.inject('/openapi.json')).json();
  t.notOk(paths['/test-clock']);
  t.ok(paths['/tokens/reserve']);
});
