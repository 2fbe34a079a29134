import { Type } from 'typebox';
import { type ApiKey, endOf, type NewApiKey, SCOPES, type Scope } from '../../domain/keys/api-key.js';
import type { OwnKey } from '../../domain/keys/read-own-key.js';
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
  lastUsedAt: nullable(time, { description: 'At most an hour behind; null: not used yet.' }),
};

export const newApiKey = closed(
  {
    ...apiKeyProperties,
    key: Type.String({
      maxLength: 64,
      description: 'The secret.',
      examples: ['fbx_0Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9'],
    }),
  },
  { title: 'NewApiKey', description: 'A key with its secret.' },
);

export const apiKey = closed(apiKeyProperties, {
  title: 'ApiKey',
  description: 'A key, without its secret.',
});

export const apiKeyBody = (key: ApiKey) => ({
  ...{ id: key.id, name: key.name, scopes: key.scopes, prefix: key.prefix },
  ...timesOf(key),
  createdAt: toIso(key.createdAt),
});

const timesOf = (key: OwnKey) => ({
  createdAt: toIsoOrNull(key.createdAt),
  expiresAt: toIsoOrNull(endOf(key)),
  lastUsedAt: toIsoOrNull(key.lastUsedAt),
});

export const ownApiKey = closed(
  {
    ...apiKeyProperties,
    prefix: nullable(apiKeyProperties.prefix),
    createdAt: nullable(time),
    providers: Type.Unsafe<string[] | null>({
      type: ['array', 'null'],
      items: { type: 'string', maxLength: 64 },
      maxItems: 100,
      description: 'The providers whose users it may name; null: those of all.',
      examples: [null],
    }),
  },
  { title: 'OwnApiKey', description: 'A key as it sees itself.' },
);

export const ownApiKeyBody = (key: OwnKey) => ({
  ...{ id: key.id, name: key.name, scopes: key.scopes, prefix: key.prefix },
  ...timesOf(key),
  // No key is bound to some of them yet.
  providers: null,
});

export const newApiKeyBody = (key: NewApiKey) => ({ ...apiKeyBody(key), key: key.key });
