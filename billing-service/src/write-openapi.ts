/** Writes openapi.yaml from the route table: `npm run openapi`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { completeOpenApiYaml } from './http/docs/serve-docs.js';

writeFileSync(fileURLToPath(new URL('../../../openapi.yaml', import.meta.url)), await completeOpenApiYaml());
