import { readFileSync } from 'node:fs';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import t from 'tap';

/** From dist/ back to the sources. */
const ROOT = new URL('../../../../', import.meta.url);

t.test('the client’s types are what openapi.yaml says (npm run bot:types writes them)', async (t) => {
  const made = COMMENT_HEADER + astToString(await openapiTS(new URL('openapi.yaml', ROOT)));
  const kept = readFileSync(new URL('bot-client/src/billing/schema.d.ts', ROOT), 'utf8');
  t.ok(made === kept, 'schema.d.ts is behind openapi.yaml');
});
