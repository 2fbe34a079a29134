/** `fbx_` + 22 random characters (131 bits) + 6 of checksum, all base62. Only its SHA-256 is ever stored. */
import { createHash, randomInt } from 'node:crypto';

export const SCOPES = [
  'limits',
  'tokens',
  'users',
  'grants',
  'payments',
  'events',
  'webhooks',
  'support',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Times in ms since the epoch. */
export interface ApiKey {
  id: string;
  name: string;
  scopes: Scope[];
  /** The first characters of the key, to recognise it by. */
  prefix: string;
  createdAt: number;
  /** As it was made to; see endOf. */
  expiresAt: number | null;
  /** Until when it works beside the key that took its place; null while none has. */
  retiresAt: number | null;
  /** At most an hour behind. */
  lastUsedAt: number | null;
  /** What an Idempotency-Key is scoped by: the id of the key at whose place it stands, through all rotations. */
  idempotencyScope: string;
}

/** When it stops working; null: never by itself. */
export function endOf({ expiresAt, retiresAt }: Pick<ApiKey, 'expiresAt' | 'retiresAt'>): number | null {
  if (expiresAt === null || retiresAt === null) return expiresAt ?? retiresAt;
  return Math.min(expiresAt, retiresAt);
}

const PREFIX = 'fbx_';
const RANDOM_LENGTH = 22;
const CHECK_LENGTH = 6;
const SHOWN_LENGTH = PREFIX.length + 6;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECK_LENGTH}}$`);

export const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const randomText = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** Not a secret, only a guard against typing errors: a mistyped key passes once in 2^35. */
function checksum(text: string): string {
  let rest = createHash('sha256').update(text).digest().readUIntBE(0, 6);
  let result = '';
  for (let i = 0; i < CHECK_LENGTH; i++) {
    result += ALPHABET[rest % ALPHABET.length];
    rest = Math.floor(rest / ALPHABET.length);
  }
  return result;
}

/** False for what cannot be a key of ours, so that no query is spent on it. */
export function isWellFormedKey(key: string): boolean {
  return FORM.test(key) && checksum(key.slice(0, -CHECK_LENGTH)) === key.slice(-CHECK_LENGTH);
}

export interface NewApiKey extends ApiKey {
  /** Shown once. */
  key: string;
  keyHash: string;
}

export function makeApiKey(
  wish: { name: string; scopes: Scope[]; expiresAt: number | null },
  now: number,
): NewApiKey {
  const body = PREFIX + randomText(RANDOM_LENGTH);
  const key = body + checksum(body);
  const id = `key_${randomText(16)}`;
  return {
    ...wish,
    scopes: SCOPES.filter((scope) => wish.scopes.includes(scope)),
    id,
    prefix: key.slice(0, SHOWN_LENGTH),
    createdAt: now,
    ...{ retiresAt: null, lastUsedAt: null, idempotencyScope: id },
    key,
    keyHash: hashOf(key),
  };
}

/**
 * A key to take another's place: it may do the same for as long, and a call that is sent again with it is a repeat of
 * what the other sent.
 */
export const successorOf = (
  { name, scopes, expiresAt, idempotencyScope }: ApiKey,
  now: number,
): NewApiKey => ({
  ...makeApiKey({ name, scopes, expiresAt }, now),
  idempotencyScope,
});
