/** How requests are checked, and how a failed check is told to the caller. */
import { METADATA_MAX_BYTES } from './schemas/common.js';

interface ValidationError {
  instancePath: string;
  schemaPath?: string;
  keyword: string;
  params: Record<string, unknown>;
  message?: string;
}

interface AjvLike {
  addKeyword(definition: {
    keyword: string;
    type?: string;
    schemaType?: string;
    errors?: boolean;
    error?: { message: string };
    validate(schema: unknown, data: unknown): boolean;
  }): unknown;
}

const MAX_ERRORS = 20;

/** The two rules that JSON Schema has no keyword for. */
export function addKeywords(ajv: AjvLike): void {
  ajv.addKeyword({
    keyword: 'x-maxBytes',
    type: 'object',
    schemaType: 'number',
    error: { message: `must be at most ${METADATA_MAX_BYTES} bytes of JSON` },
    validate: (limit, data) => jsonBytes(data) <= (limit as number),
  });
  ajv.addKeyword({
    keyword: 'x-integer',
    type: 'string',
    schemaType: 'object',
    error: { message: 'must be a whole number in range' },
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
  strictTypes: false,
};

/** Ajv's findings with fields as the caller wrote them: `amount`, `metadata.foo`, `prices[0].amount`. */
export function toFieldErrors(findings: readonly ValidationError[]): { field: string; message: string }[] {
  const unions = findings.filter((finding) => finding.keyword === 'anyOf');
  const inUnion = (finding: ValidationError) =>
    unions.some((u) => u !== finding && finding.schemaPath?.startsWith(`${u.schemaPath}/`));
  return findings
    .filter((finding) => !inUnion(finding))
    .slice(0, MAX_ERRORS)
    .map(({ instancePath, keyword, params, message }) => {
      const at = fieldOf(instancePath);
      if (keyword === 'required') {
        return { field: join(at, String(params.missingProperty)), message: 'is required' };
      }
      if (keyword === 'additionalProperties') {
        return { field: join(at, String(params.additionalProperty)), message: 'is not known here' };
      }
      return { field: at || 'body', message: words(keyword, params, message) };
    });
}

function words(keyword: string, params: Record<string, unknown>, message = 'is not valid'): string {
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  if (keyword === 'anyOf') return 'has none of the allowed forms';
  return message;
}

const join = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

function fieldOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) && path !== '' ? `${path}[${part}]` : join(path, part)), '');
}
