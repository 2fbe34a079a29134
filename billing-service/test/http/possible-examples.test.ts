import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import t from 'tap';
import { parse } from 'yaml';
import { completeOpenApiYaml } from '../../src/http/docs/serve-docs.js';
import type { Json } from '../support/test-app.js';

t.test('every example of openapi.yaml could have been answered', async (t) => {
  const document = parse(await completeOpenApiYaml()) as Json;
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'farebox' }, 'farebox');
  const contents: [name: string, content: Json][] = [];
  for (const methods of Object.values(document.paths as Record<string, Json>)) {
    for (const { operationId, requestBody, responses } of Object.values(methods as Record<string, Json>)) {
      if (requestBody) contents.push([`${operationId}'s request`, jsonOf(requestBody)]);
      for (const [status, answer] of Object.entries(responses as Record<string, Json>)) {
        const content = jsonOf(answer);
        if (content) contents.push([`${operationId}'s ${status}`, content]);
      }
    }
  }
  t.ok(contents.length > 40);
  for (const [name, { schema, example }] of contents) {
    const check = ajv.compile(inDocument(schema));
    t.ok(check(example), `${name} fits its schema`) || t.comment(check.errors, example);
    for (const part of objectsIn(example)) t.same(contradictionsOf(part), [], name);
  }
});

/** As one value, or as a line of many. */
const jsonOf = ({ content }: Json): Json =>
  content?.['application/json'] ?? content?.['application/x-ndjson'];

/** References are to the document's components. */
const inDocument = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"farebox#/components/'));

function* objectsIn(value: Json): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

/** What an object says that cannot be true at once. */
function contradictionsOf(it: Json): string[] {
  const found: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) found.push(what);
  };
  if ('available' in it && 'total' in it)
    must(it.available === it.total - it.reserved, 'available = total − reserved');
  if ('allowed' in it) must(it.allowed === (it.retryAfter === 0), 'allowed: nothing to wait for');
  if (it.status === 'open') {
    must(it.limit?.allowed !== false, 'a hold is not denied');
    must(!it.balance || it.balance.reserved >= it.amount, 'a hold is among what is reserved');
    must((it.settledAt ?? null) === null, 'open: not settled');
  }
  if ('canAfford' in it) must(it.canAfford === (it.deficit === 0), 'canAfford: no deficit');
  if (it.kind === 'charge') must(it.amount < 0 && it.source === null, 'a charge takes, and has no source');
  if ('grants' in it) {
    const left = it.grants.reduce((sum: number, { remaining }: Json) => sum + remaining, 0);
    must(left === it.total + it.debt, 'total = grants − debt');
  }
  if (it.tier === 'gift') must((it.paidUntil ?? null) === null, 'gift is not paid for');
  if ('released' in it)
    must(it.reserved === it.amount + it.released - it.uncollected, 'reserved = charged + released');
  return found;
}
