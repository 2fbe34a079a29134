import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../../src/http/errors.js';

const file = (name: string): string => readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');

t.test('docs/errors.md and the table of codes have the same codes with the same statuses', async (t) => {
  const rows = [...file('docs/errors.md').matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)];
  const documented = Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)]));
  const inTable = Object.fromEntries(ERROR_CODES.map((code) => [code, ERRORS[code].status]));
  t.strictSame(documented, inTable);
});

interface Problems {
  components: {
    schemas: { Problem: { properties: { code: { enum: string[] } } } };
    responses: Record<string, { description: string }>;
  };
  paths: Record<string, Record<string, { responses: Record<string, { $ref?: string }> }>>;
}

t.test('openapi.yaml and the table of codes have the same codes with the same statuses', async (t) => {
  const document = parse(file('openapi.yaml')) as Problems;
  t.strictSame(document.components.schemas.Problem.properties.code.enum, ERROR_CODES);

  const answered = new Set<string>();
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, { $ref }] of Object.entries(operation.responses)) {
      const response = document.components.responses[$ref?.split('/').at(-1) ?? ''];
      for (const [, code] of response?.description.matchAll(/`([a-z-]+)`:/g) ?? []) {
        answered.add(code as string);
        const usual = ERRORS[code as ErrorCode]?.status;
        // The one that has two: what reserve answers 402, a negative adjustment answers 409.
        if (code !== 'insufficient-tokens') t.equal(Number(status), usual, `${code} is ${usual}`);
      }
    }
  }
  const ofAnyPath = ['not-found', 'request-timeout', 'expectation-failed', 'headers-too-large'];
  t.strictSame([...answered, ...ofAnyPath].sort(), [...ERROR_CODES].sort(), 'each code is some call’s');
});
