/** What work is charged by, and what a charge is made of. */
import { Type } from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import { per, unitName } from './catalogue.js';
import { closed, nullable } from './common.js';
import { UNIT } from './text-rules.js';

export const UNITS_RULE = 'how much of each unit; nothing is counted by two of them.';

export const units = Type.Unsafe<Record<string, number>>({
  type: 'object',
  minProperties: 1,
  maxProperties: 20,
  propertyNames: { type: 'string', maxLength: 32, ...UNIT },
  additionalProperties: {
    type: 'integer',
    minimum: 0,
    maximum: MAX_TOKENS,
    description: 'How many.',
  },
  description: `At the operation’s rates: ${UNITS_RULE}`,
  examples: [],
});

const tokens = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [example] });

const line = closed(
  {
    unit: unitName,
    model: nullable(Type.String({ maxLength: 128 }), {
      description: 'The rate’s: null where it is the one for any model.',
      examples: [null],
    }),
    quantity: tokens('How much of the unit there was.', 1200),
    price: tokens('Tokens for `per` of it.', 1),
    per,
  },
  { title: 'ReceiptLine', description: 'A unit of the work, and its rate.' },
);

export const receipt = closed(
  {
    priceVersion: Type.Integer({
      minimum: 1,
      description: 'Of the operation’s prices; the reservation’s own, whatever the prices are now.',
      examples: [1],
    }),
    price: tokens('For each `quantity`; the amount itself where one was given.', 5),
    quantity: Type.Integer({ minimum: 1, description: 'How many times the price.', examples: [1] }),
    lines: Type.Array(line, { maxItems: 20, description: 'Empty without units.', examples: [[]] }),
    total: tokens('price × quantity + the sum of the lines, rounded up once.', 5),
    estimated: Type.Boolean({
      description: 'The units are what was held: the commit brought none.',
      examples: [false],
    }),
  },
  { title: 'Receipt', description: 'What a charge is made of.' },
);
