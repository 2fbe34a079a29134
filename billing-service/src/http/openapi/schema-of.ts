/**
 * A route's schema as openapi.yaml shows it: a schema with a title becomes a component, our keywords become plain ones.
 */

export type JsonSchema = { [keyword: string]: unknown };

/** Keywords of ours that mean nothing to other tools. */
const INTERNAL = new Set(['x-maxBytes', 'x-words']);

/** Whose value is a schema. */
const SCHEMAS = new Set(['items', 'additionalProperties', 'propertyNames', 'not']);

export class Components {
  readonly schemas: Record<string, JsonSchema> = {};

  /** `$ref` to a component, or the schema itself. */
  schemaOf(schema: JsonSchema): JsonSchema {
    const { title, ...rest } = schema;
    if (typeof title !== 'string') return this.#plain(rest);
    if (!this.schemas[title]) {
      // Reserve its place first, so that components appear in the order of their first use.
      this.schemas[title] = {};
      Object.assign(this.schemas[title], this.#plain(rest));
    }
    return { $ref: `#/components/schemas/${title}` };
  }

  #plain(schema: JsonSchema): JsonSchema {
    if (schema['x-integer']) return queryIntegerOf(schema);
    const result: JsonSchema = {};
    for (const [keyword, value] of Object.entries(schema)) {
      if (INTERNAL.has(keyword) || (Array.isArray(value) && value.length === 0)) continue;
      result[keyword] = this.#keyword(keyword, value);
    }
    return { ...boundsOf(schema), ...result };
  }

  #keyword(keyword: string, value: unknown): unknown {
    if (keyword === 'properties') {
      return Object.fromEntries(
        Object.entries(value as Record<string, JsonSchema>).map(([name, s]) => [name, this.schemaOf(s)]),
      );
    }
    if (keyword === 'anyOf' || keyword === 'oneOf')
      return (value as JsonSchema[]).map((s) => this.schemaOf(s));
    return SCHEMAS.has(keyword) && typeof value === 'object' ? this.schemaOf(value as JsonSchema) : value;
  }
}

/** Bounds for every answer whose schema sets none: exact integers, well-formed texts, no endless lists. */
function boundsOf(schema: JsonSchema): JsonSchema {
  if (isType(schema, 'integer')) {
    return { format: 'int64', minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
  }
  if (isType(schema, 'array')) return { maxItems: 100_000 };
  const free = isType(schema, 'string') && !('format' in schema || 'enum' in schema || 'const' in schema);
  return free ? { maxLength: 65_536, pattern: '^[^\\u0000]*$' } : {};
}

export const isType = (schema: JsonSchema, type: string): boolean =>
  schema.type === type || (Array.isArray(schema.type) && schema.type.includes(type));

/** In the query an integer is a string that we parse; the caller need not know. */
function queryIntegerOf(schema: JsonSchema): JsonSchema {
  const { minimum, maximum } = schema['x-integer'] as { minimum: number; maximum: number };
  const otherwise = schema.default === undefined ? {} : { default: Number(schema.default) };
  return {
    type: 'integer',
    format: 'int64',
    minimum,
    maximum,
    ...otherwise,
    description: schema.description,
  };
}

/** The first example of a schema, or one made of its members' (of a request: only of those that are required). */
export function exampleOf(schema: JsonSchema, all: boolean): unknown {
  const [given] = (schema.examples as unknown[] | undefined) ?? [];
  if (given !== undefined) return given;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.anyOf)) return exampleOf(schema.anyOf[0] as JsonSchema, all);
  if (isType(schema, 'object') && schema.properties) {
    const required = new Set((schema.required as string[] | undefined) ?? []);
    return Object.fromEntries(
      Object.entries(schema.properties as Record<string, JsonSchema>)
        .filter(([name]) => all || required.has(name))
        .map(([name, member]) => [name, exampleOf(member, all)]),
    );
  }
  if (isType(schema, 'array')) return schema.items ? [exampleOf(schema.items as JsonSchema, all)] : [];
  if (isType(schema, 'null')) return null;
  if (isType(schema, 'boolean')) return false;
  if (isType(schema, 'integer')) return (schema.minimum as number | undefined) ?? 0;
  return isType(schema, 'string') ? 'text' : {};
}
