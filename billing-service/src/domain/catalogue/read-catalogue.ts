import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import { accept, type Result } from '../refusal.js';
import type { MAX_ITEMS, Tier } from './catalogue.js';

/** Where a list continues also when the item it stopped at has moved: tiers by position, then id; the others by id. */
interface CatalogueKey {
  position: number;
  id: string;
}

const cursor = cursorOf<CatalogueKey>(
  'catalogue',
  ({ position, id }) => `${position}:${id}`,
  (text) => {
    const [, position, id] = /^(\d{1,10}):([a-z0-9][a-z0-9_-]*)$/.exec(text) ?? [];
    return position === undefined || id === undefined ? null : { position: Number(position), id };
  },
);

/** One page of tiers, operations or packs, from memory. */
export function listCatalogue<T extends { id: string } & Partial<Pick<Tier, 'position'>>>(
  section: keyof typeof MAX_ITEMS,
  all: ReadonlyMap<string, T>,
  request: PageRequest,
): Result<Page<T>> {
  const own = cursor.of(section);
  const after = keyAfter(own, request.cursor);
  if (!after.ok) return after;
  const from = after.value;
  const keyOf = (item: T): CatalogueKey => ({ position: item.position ?? 0, id: item.id });
  const rest = [...all.values()].filter((item) => !from || isAfter(keyOf(item), from));
  return accept(pageOf(rest, request.limit, (item) => own.encode(keyOf(item))));
}

const isAfter = (key: CatalogueKey, from: CatalogueKey): boolean =>
  key.position > from.position || (key.position === from.position && key.id > from.id);
