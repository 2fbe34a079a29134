import { Type } from 'typebox';

/** Metadata in answers; null where none was given. */
export const storedMetadata = Type.Unsafe<object | null>({
  type: ['object', 'null'],
  additionalProperties: true,
  description: 'As it was given.',
  examples: [{ chat: 'demo' }],
});
