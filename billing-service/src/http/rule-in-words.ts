/** What a schema asks, in words for the caller: never a pattern, always the range. */

export interface Finding {
  instancePath: string;
  schemaPath?: string;
  keyword: string;
  params: Record<string, unknown>;
  message?: string;
  /** Of a name in an object that is no good as a name. */
  propertyName?: string;
  /** What was given, and the schema that it broke: Ajv tells both because it is asked to be verbose. */
  data?: unknown;
  parentSchema?: Schema;
}

interface Schema {
  type?: string | string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  enum?: unknown[];
  const?: unknown;
  not?: { const?: unknown };
  'x-words'?: string;
  'x-integer'?: { minimum: number; maximum: number };
  'x-maxBytes'?: number;
}

const NOUNS: Record<string, string> = {
  string: 'a string',
  boolean: 'true or false',
  object: 'a JSON object',
  array: 'a list',
  null: 'null',
};

const RULES: Record<string, (schema: Schema) => string> = {
  type: typeRule,
  minimum: numberRule,
  maximum: numberRule,
  minLength: (schema) => `must have ${countOf(schema.minLength, schema.maxLength, 'characters')}`,
  maxLength: (schema) => `must have ${countOf(schema.minLength, schema.maxLength, 'characters')}`,
  minItems: (schema) => `must have ${countOf(schema.minItems, schema.maxItems, 'items')}`,
  maxItems: (schema) => `must have ${countOf(schema.minItems, schema.maxItems, 'items')}`,
  minProperties: (schema) => `must have ${countOf(schema.minProperties, schema.maxProperties, 'members')}`,
  maxProperties: (schema) => `must have ${countOf(schema.minProperties, schema.maxProperties, 'members')}`,
  uniqueItems: () => 'must not name anything twice',
  pattern: (schema) => (schema['x-integer'] ? numberRule(schema['x-integer']) : saidBy(schema)),
  format: saidBy,
  anyOf: saidBy,
  enum: (schema) => `must be one of ${(schema.enum ?? []).join(', ')}`,
  const: (schema) => `must be ${JSON.stringify(schema.const)}`,
  not: (schema) => `must not be ${JSON.stringify(schema.not?.const)}`,
  'x-integer': (schema) => numberRule(schema['x-integer'] ?? {}),
  'x-maxBytes': (schema) => `must be at most ${schema['x-maxBytes']} bytes of JSON`,
};

export function ruleInWords({ keyword, parentSchema, data }: Finding): string {
  // In a query: a name that is given twice comes as a list.
  if (keyword === 'type' && Array.isArray(data) && parentSchema?.type === 'string') {
    return 'must be one string, given once';
  }
  return RULES[keyword]?.(parentSchema ?? {}) ?? 'is not valid';
}

function typeRule(schema: Schema): string {
  const types = [schema.type ?? []].flat();
  if (types.includes('integer')) return numberRule(schema) + (types.includes('null') ? ', or null' : '');
  return `must be ${types.map((type) => NOUNS[type] ?? type).join(' or ')}`;
}

function numberRule({ minimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined)
    return `must be a whole number from ${minimum} to ${maximum}`;
  return minimum === undefined ? 'must be a whole number' : `must be a whole number, at least ${minimum}`;
}

function countOf(least: number | undefined, most: number | undefined, noun: string): string {
  if (least === most) return `exactly ${least} ${noun}`;
  if (least === undefined) return `at most ${most} ${noun}`;
  return most === undefined ? `at least ${least} ${noun}` : `${least} to ${most} ${noun}`;
}

function saidBy(schema: Schema): string {
  return schema['x-words'] ?? 'has none of the allowed forms';
}
