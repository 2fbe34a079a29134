import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import type { ApiKeyPlace, ApiKeyStore } from '../ports/api-key-store.js';
import { accept, type Result } from '../refusal.js';
import type { ApiKey } from './api-key.js';

const cursor = cursorOf<ApiKeyPlace>(
  'api-key',
  ({ createdAt, id }) => `${createdAt}:${id}`,
  (text) => {
    const [, createdAt, id] = /^(\d{1,14}):([A-Za-z0-9_]{1,64})$/.exec(text) ?? [];
    return createdAt === undefined || id === undefined ? null : { createdAt: Number(createdAt), id };
  },
);

/** Those not revoked, newest first. Refusals: invalid (a cursor that is none of this list's). */
export async function listApiKeys(store: ApiKeyStore, request: PageRequest): Promise<Result<Page<ApiKey>>> {
  const before = keyAfter(cursor, request.cursor);
  if (!before.ok) return before;
  const found = await store.list({ limit: request.limit + 1, before: before.value });
  return accept(pageOf(found, request.limit, (key) => cursor.encode(key)));
}
