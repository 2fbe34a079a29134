import { Type } from 'typebox';
import { type ApiKey, SCOPES, type Scope } from '../../domain/keys/api-key.js';
import { toIso, toIsoOrNull } from '../to-iso.js';
import { closed, nullable, time } from './common.js';
import { EXAMPLE_API_KEY } from './examples.js';
import { LINE, WORD } from './text-rules.js';

export const apiKeyId = Type.String({
  minLength: 1,
  maxLength: 64,
  ...WORD,
  description: 'The id of an API key (not the key itself).',
  examples: [EXAMPLE_API_KEY],
});

export const keyName = Type.String({
  minLength: 1,
  maxLength: 100,
  ...LINE,
  description: 'Who uses it.',
  examples: ['my bot'],
});

export const scope = Type.Unsafe<Scope>({
  type: 'string',
  enum: [...SCOPES],
  description: '`admin` may do everything.',
});

export const scopes = Type.Array(scope, {
  minItems: 1,
  maxItems: SCOPES.length,
  uniqueItems: true,
  examples: [['limits', 'tokens', 'users']],
});

export const apiKeyProperties = {
  id: apiKeyId,
  name: keyName,
  scopes,
  prefix: Type.String({ maxLength: 16, description: 'How the key begins.', examples: ['fbx_0Ab1Cd'] }),
  createdAt: time,
  expiresAt: nullable(time),
};

export const apiKey = closed(apiKeyProperties, {
  title: 'ApiKey',
  description: 'A key, without its secret.',
});

export const apiKeyBody = ({ id, name, scopes, prefix, createdAt, expiresAt }: ApiKey) => ({
  id,
  name,
  scopes,
  prefix,
  createdAt: toIso(createdAt),
  expiresAt: toIsoOrNull(expiresAt),
});
