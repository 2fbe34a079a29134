import { Type } from 'typebox';
import { SALES_DIMENSIONS } from '../../domain/ports/sales.js';
import { closed, queryInteger, timeInput } from './common.js';
import { currency, provider } from './payments.js';
import { CURSOR, DIMENSION_LIST } from './text-rules.js';

const sum = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [example] });
const optional = (description: string, example: string) =>
  Type.Optional(Type.String({ maxLength: 80, description, examples: [example] }));

export const MAX_ROWS = 10_000;

const salesRow = closed(
  {
    day: optional('By the day, UTC.', '2026-01-31'),
    month: optional('By the month, UTC.', '2026-01'),
    provider: Type.Optional(provider),
    product: optional('`tier:` or `pack:` and its id, or `tokens`.', 'pack:pack-500'),
    currency,
    payments: sum('How many.', 3),
    amount: sum('Money paid, in the smallest unit.', 900),
    refunded: sum('Of that, money of payments that were taken back.', 300),
    tokens: sum('Tokens given for it until now, those taken back later among them.', 1500),
    payers: sum('Different users.', 2),
  },
  { title: 'SalesRow', description: 'Payments of one currency, summed.' },
);

export const salesAnswer = closed(
  {
    items: Type.Array(salesRow, { maxItems: MAX_ROWS }),
    nextCursor: Type.Optional(Type.String({ maxLength: 4096, description: 'Pass as `cursor` for more.' })),
  },
  { title: 'Sales', description: 'What was sold.' },
);

export const salesQuery = closed({
  from: Type.Optional(timeInput('Payments not before this.', '2026-01-01T00:00:00Z')),
  to: Type.Optional(timeInput('Payments before this.', '2027-01-01T00:00:00Z')),
  by: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      ...DIMENSION_LIST,
      description: `One or two of ${SALES_DIMENSIONS.join(', ')}, with a comma; absent: a row a currency.`,
      examples: ['month,product'],
    }),
  ),
  limit: queryInteger({ minimum: 1, maximum: MAX_ROWS, default: MAX_ROWS, description: 'Rows a page.' }),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      ...CURSOR,
      description: '`nextCursor` of the page before.',
    }),
  ),
});
