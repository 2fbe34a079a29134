import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { completeOpenApiYaml } from '../../src/http/docs/serve-docs.js';
import { testApp } from '../support/test-app.js';

const root = new URL('../../../../', import.meta.url);
const committed = readFileSync(new URL('openapi.yaml', root), 'utf8');

t.test('the committed openapi.yaml is what the routes say (else: npm run openapi)', async (t) => {
  t.equal(committed, await completeOpenApiYaml());
});

t.test('the service serves the same document as YAML and as JSON, of the package’s version', async (t) => {
  const { app } = await testApp(t);
  t.equal((await app.inject('/openapi.yaml')).body, committed);
  t.strictSame((await app.inject('/openapi.json')).json(), parse(committed));
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  t.equal(parse(committed).info.version, version);
});

t.test('a service without a test clock does not show one', async (t) => {
  const { app } = await testApp(t, { change: () => ({ testClock: undefined }) });
  const { paths } = (await app.inject('/openapi.json')).json();
  t.notOk(paths['/test-clock']);
  t.ok(paths['/tokens/reserve']);
});

t.test('patterns are of the kind that every tool reads', async (t) => {
  const patterns = [...committed.matchAll(/pattern: (".*")$/gm)].map(
    ([, text]) => JSON.parse(text as string) as string,
  );
  t.ok(patterns.length > 20);
  for (const pattern of new Set(patterns)) {
    t.notMatch(pattern, /\\[pPsSwWdDbB]/, `${pattern}: no class whose meaning differs from tool to tool`);
    t.notMatch(pattern, /\(\?[=!<]/, `${pattern}: no look around`);
    t.match(pattern, /^\^.*\$$/, `${pattern}: of the whole text`);
  }
});

t.test('links name calls that exist, and values that the answer has', async (t) => {
  const { paths, components } = parse(committed);
  const operations = Object.values(paths as Record<string, Record<string, Operation>>).flatMap((path) =>
    Object.values(path),
  );
  const linked = operations.flatMap(({ operationId, responses }: Operation) =>
    Object.values(responses).flatMap(({ links = {}, content }) => {
      const { $ref } = content?.['application/json']?.schema ?? {};
      const answer = components.schemas[$ref?.split('/').at(-1) ?? '']?.properties ?? {};
      return Object.values(links).map((link) => ({ from: operationId, link, answer }));
    }),
  );
  for (const { from, link, answer } of linked) {
    const target = operations.find(({ operationId }) => operationId === link.operationId);
    t.ok(target, `${from} → ${link.operationId}`);
    const taken = (target?.parameters ?? []).map(({ name }) => name);
    for (const name of Object.keys(link.parameters ?? {}))
      t.ok(taken.includes(name), `${link.operationId} takes ${name}`);
    for (const value of Object.values({ ...link.parameters, ...link.requestBody })) {
      const member = /^\$response\.body#\/(\w+)$/.exec(String(value))?.[1];
      if (member) t.ok(answer[member], `${from} answers ${member}`);
    }
  }
  const ofReserve = linked.filter(({ from }) => from === 'reserveTokens').map(({ link }) => link.operationId);
  for (const id of ['commitTokens', 'refundTokens', 'extendReservation', 'readReservation'])
    t.ok(ofReserve.includes(id), id);
});

interface Link {
  operationId: string;
  parameters?: Record<string, unknown>;
  requestBody?: Record<string, unknown>;
}
interface Operation {
  operationId: string;
  parameters?: { name?: string }[];
  responses: Record<
    string,
    { links?: Record<string, Link>; content?: Record<string, { schema: { $ref?: string } }> }
  >;
}
