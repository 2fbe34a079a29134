/**
 * The words that several calls share. A schema with a `title` becomes a component of openapi.yaml. `examples[0]` of
 * each member makes up the request that "Try it out" sends, so it must work as it stands.
 */
import {
  type Static,
  type TObject,
  type TProperties,
  type TSchema,
  type TSchemaOptions,
  Type,
} from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import { EXAMPLE_RESERVATION } from './examples.js';
import { CATALOGUE_ID, CURSOR, DATE_TIME, REFERENCE, RESERVATION_ID, WHOLE_NUMBER } from './text-rules.js';

export const METADATA_MAX_BYTES = 4096;
export const EXAMPLE_USER = 'demo:you';

/** Every object is closed: unknown properties are refused, never dropped. */
export function closed<T extends TProperties>(properties: T, options: TSchemaOptions = {}): TObject<T> {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** `T | null` as a type list: a union would make the serializer validate each answer. Not for `const` or `enum`. */
export function nullable<T extends TSchema & { type: string }>(schema: T, options: TSchemaOptions = {}) {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'], ...options });
}

/** May be left out of a request: validation then puts `value` in its place, so a handler always finds one. */
export function byDefault<T extends TSchema>(schema: T, value: Static<T>): T {
  // What the caller may leave out, the handler need not expect to be missing: only the runtime schema is optional.
  return Type.Optional({ ...schema, default: value }) as unknown as T;
}

export const userReference = Type.String({
  minLength: 3,
  maxLength: 128,
  ...REFERENCE,
  description: 'The user as `provider:id`, e.g. `telegram:123456`.',
  examples: [EXAMPLE_USER],
});

/** Ids of the catalogue: tiers, operations, packs. */
const catalogueId = (description: string, example: string) =>
  Type.String({
    minLength: 1,
    maxLength: 64,
    ...CATALOGUE_ID,
    description,
    examples: [example],
  });
export const operationId = catalogueId('The priced action.', 'chatgpt_message');
export const tierId = catalogueId('The tier.', 'professional');
export const packId = catalogueId('The pack.', 'pack-500');

export const reservationId = Type.String({
  minLength: 1,
  maxLength: 128,
  ...RESERVATION_ID,
  description: 'What reserve answered.',
  examples: [EXAMPLE_RESERVATION],
});

/** Tokens, or money in a currency's smallest unit. */
export const amount = Type.Integer({
  minimum: 0,
  maximum: MAX_TOKENS,
  description: 'Tokens.',
  examples: [5],
});

export const quantity = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: 'How many times the price.',
  examples: [1],
});

export const metadata = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  'x-maxBytes': METADATA_MAX_BYTES,
  description: 'Anything of yours, up to 4 KB as JSON; stored and given back, never read.',
  examples: [{ chat: 'demo' }],
});

/** A time in a request; parse with `Date.parse`. */
export const timeInput = (description: string, example = '2030-01-01T00:00:00.000Z') =>
  Type.String({
    format: 'date-time',
    maxLength: 40,
    ...DATE_TIME,
    description,
    examples: [example],
  });

/** A time in an answer: ISO-8601, UTC, milliseconds. */
export const time = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'ISO-8601, UTC.',
  examples: ['2026-01-31T12:00:00.000Z'],
});

const signedTokens = (description: string, example: number) =>
  Type.Integer({
    minimum: -Number.MAX_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description,
    examples: [example],
  });

export const balance = closed(
  {
    available: signedTokens('total − reserved; negative in debt.', 95),
    reserved: signedTokens('Held by open reservations.', 5),
    total: signedTokens('Not yet spent or expired, less debt.', 100),
  },
  { title: 'Balance', description: 'A user’s tokens.' },
);

export const affordable = Type.Unsafe<Record<string, number | null>>({
  type: 'object',
  title: 'Affordable',
  description: 'Per operation how many `available` buys: floor(available ÷ price); null where it is free.',
  additionalProperties: { type: ['integer', 'null'] },
  examples: [{ chatgpt_message: 19, image_generation: 9 }],
});

/** A decimal string in the query; `Number()` it. openapi.yaml shows the integer that it is. */
export function queryInteger(options: {
  minimum: number;
  maximum: number;
  default?: number;
  description: string;
}) {
  const { minimum, maximum, description } = options;
  return Type.Unsafe<string>({
    type: 'string',
    ...WHOLE_NUMBER,
    'x-integer': { minimum, maximum },
    ...(options.default === undefined ? {} : { default: String(options.default) }),
    description,
  });
}

/** The query of every list. */
export const pagination = {
  limit: queryInteger({ minimum: 1, maximum: 100, default: 20, description: 'Items a page.' }),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      ...CURSOR,
      description: '`nextCursor` of the page before.',
    }),
  ),
};

/** `{items, nextCursor?}`; without nextCursor it is the last page. */
export const pageOf = <T extends TSchema>(items: T) =>
  closed({
    items: Type.Array(items, { maxItems: 100 }),
    nextCursor: Type.Optional(Type.String({ maxLength: 4096, description: 'Pass as `cursor` for more.' })),
  });
