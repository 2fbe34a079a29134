/** How requests are checked, and how a failed check is told to the caller. */
import { type Finding, ruleInWords } from './rule-in-words.js';

interface AjvLike {
  addKeyword(definition: {
    keyword: string;
    type?: string;
    schemaType?: string;
    validate?(schema: unknown, data: unknown): boolean;
  }): unknown;
}

const MAX_ERRORS = 20;

/** The two rules that JSON Schema has no keyword for; and `x-words`, which says a rule that no keyword tells. */
export function addKeywords(ajv: AjvLike): void {
  ajv.addKeyword({ keyword: 'x-words' });
  ajv.addKeyword({
    keyword: 'x-maxBytes',
    type: 'object',
    schemaType: 'number',
    validate: (limit, data) => jsonBytes(data) <= (limit as number),
  });
  ajv.addKeyword({
    keyword: 'x-integer',
    type: 'string',
    schemaType: 'object',
    validate: (range, data) => {
      const { minimum, maximum } = range as { minimum: number; maximum: number };
      return Number(data) >= minimum && Number(data) <= maximum;
    },
  });
}

function jsonBytes(data: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(data));
  } catch {
    // Nested so deep that it overflows the stack.
    return Number.POSITIVE_INFINITY;
  }
}

export const AJV_OPTIONS = {
  coerceTypes: false as const,
  removeAdditional: false as const,
  useDefaults: true,
  allErrors: true,
  // Findings come with the schema that they broke: the caller is told its rule in words.
  verbose: true,
  strictTypes: false,
};

/** How every schema is compiled; Fastify's form. */
export const AJV = { customOptions: AJV_OPTIONS, plugins: [addKeywords as never] };

/** Ajv's findings with fields as the caller wrote them: `amount`, `metadata.foo`, `prices[0].amount`. */
export function toFieldErrors(findings: readonly Finding[]): { field: string; message: string }[] {
  const unions = findings.filter((finding) => finding.keyword === 'anyOf');
  const inUnion = (finding: Finding) =>
    unions.some((u) => u !== finding && finding.schemaPath?.startsWith(`${u.schemaPath}/`));
  const errors = new Map<string, { field: string; message: string }>();
  for (const finding of findings) {
    if (errors.size === MAX_ERRORS) break;
    // What is wrong with the name is told by itself.
    if (inUnion(finding) || finding.keyword === 'propertyNames') continue;
    const error = toFieldError(finding);
    // A number that is no number breaks several keywords, and one rule.
    errors.set(`${error.field} ${error.message}`, error);
  }
  return [...errors.values()];
}

function toFieldError(finding: Finding): { field: string; message: string } {
  const { instancePath, keyword, params } = finding;
  const at = fieldOf(instancePath);
  if (finding.propertyName !== undefined)
    return { field: join(at, finding.propertyName), message: ruleInWords(finding) };
  if (keyword === 'required') {
    return { field: join(at, String(params.missingProperty)), message: 'is required' };
  }
  if (keyword === 'additionalProperties') {
    return { field: join(at, String(params.additionalProperty)), message: 'is not known here' };
  }
  return { field: at || 'body', message: ruleInWords(finding) };
}

const join = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

function fieldOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) && path !== '' ? `${path}[${part}]` : join(path, part)), '');
}
