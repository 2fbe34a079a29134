import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import type { PromoStore } from '../ports/promo-store.js';
import { accept, type Result } from '../refusal.js';
import type { PromoCode } from './promo-code.js';

const cursor = cursorOf<number>('promo-code', String, (text) => {
  const id = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(id) && id > 0 ? id : null;
});

/** Newest first, without those deleted. Refusals: invalid (a cursor that is none of this list's). */
export async function listPromoCodes(
  store: Pick<PromoStore, 'list'>,
  request: PageRequest,
): Promise<Result<Page<PromoCode>>> {
  const before = keyAfter(cursor, request.cursor);
  if (!before.ok) return before;
  const found = await store.list({ limit: request.limit + 1, before: before.value });
  return accept(pageOf(found, request.limit, ({ id }) => cursor.encode(id)));
}
