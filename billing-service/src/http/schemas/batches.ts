/** The body and the answer of batch calls. */
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import { closed } from './common.js';
import { IDEMPOTENCY_KEY } from './text-rules.js';

export const MAX_ITEMS = 100;

const idempotencyKey = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 255,
    ...IDEMPOTENCY_KEY,
    description:
      'As the header of the single call: the same key with the same item gets the first answer again.',
    examples: [],
  }),
);

/** The single call's body, and a key. */
export const itemOf = <Body extends TObject>(body: Body) =>
  closed({ ...body.properties, idempotencyKey }) as TObject<Body['properties']> &
    TObject<{ idempotencyKey: typeof idempotencyKey }>;

/** As openapi.yaml shows it. What is checked before the items are is `envelope`. */
export const batchBody = (item: TObject) =>
  closed({
    items: Type.Array(item, { minItems: 1, maxItems: MAX_ITEMS, description: 'Done in this order.' }),
  });

export const envelope = closed({
  items: Type.Array(Type.Object({}, { additionalProperties: true }), { minItems: 1, maxItems: MAX_ITEMS }),
});
export type Envelope = Static<typeof envelope>;

export const batchAnswer = (answer: TSchema, problem: TSchema, title: string) =>
  closed(
    {
      items: Type.Array(
        closed({
          status: Type.Integer({
            minimum: 200,
            maximum: 599,
            description: 'What the single call would have answered.',
          }),
          replayed: Type.Optional(
            Type.Boolean({ description: 'An earlier answer, given again.', examples: [true] }),
          ),
          body: Type.Unsafe<unknown>({ anyOf: [answer, problem] }),
        }),
        { maxItems: MAX_ITEMS, description: 'In the order of the items.' },
      ),
    },
    { title, description: 'An answer for each item.' },
  );
