import {
  type Catalogue,
  GIFT_TIER,
  MAX_ITEMS,
  type Operation,
  type Pack,
  type Tier,
} from '../../../domain/catalogue/catalogue.js';
import type { Author } from '../../../domain/ports/audit-log.js';
import type { CatalogueEditor, CatalogueStore, PutOutcome } from '../../../domain/ports/catalogue-store.js';
import { insertAuditLine } from '../audit-log/audit-rows.js';
import type { Database, Queryable } from '../driver/database.js';
import { insertHappenings } from '../events/happening-rows.js';
import { operations, packs, priceLists, tiers } from '../schema/schema.js';
import { CATALOGUE_LOCK, loadCatalogue } from './catalogue-rows.js';

/**
 * Gift no longer asks for a channel: users who wait for their first join are due at once. Locks in the hot statements'
 * order.
 */
const WAKE_WAITING = `update accounts set next_due_at = to_timestamp(0) where user_id in (
  select a.user_id from accounts a join users u on u.id = a.user_id
  where u.tier = $1 and u.anchor is null order by a.user_id for update of a
)`;

/** What one author writes to the catalogue. */
export class PostgresCatalogueEditor implements CatalogueEditor {
  readonly #database: Database;
  readonly #store: Pick<CatalogueStore, 'current' | 'refresh'> & { changed(): Promise<void> };
  readonly #author: Author;

  constructor(
    database: Database,
    store: Pick<CatalogueStore, 'current' | 'refresh'> & { changed(): Promise<void> },
    author: Author,
  ) {
    this.#database = database;
    this.#store = store;
    this.#author = author;
  }

  current(): Catalogue {
    return this.#store.current();
  }

  refresh(): Promise<void> {
    return this.#store.refresh();
  }

  putTier(tier: Tier, matches: (present: Tier | undefined) => boolean): Promise<PutOutcome> {
    return this.#put(tier, 'tiers', matches, async (tx, catalogue) => {
      await tx.drizzle.insert(tiers).values(tier).onConflictDoUpdate({ target: tiers.id, set: tier });
      const opened = catalogue.tiers.get(tier.id)?.requiresChannel && !tier.requiresChannel;
      if (opened && tier.id === GIFT_TIER) await tx.query(WAKE_WAITING, [GIFT_TIER]);
    });
  }

  putOperation(operation: Operation, matches: (present: Operation | undefined) => boolean) {
    return this.#put(operation, 'operations', matches, async ({ drizzle }, { priceList }) => {
      await drizzle
        .insert(operations)
        .values(operation)
        .onConflictDoUpdate({ target: operations.id, set: operation });
      if (priceList.prices[operation.id] === operation.price) return;
      await drizzle
        .insert(priceLists)
        .values({ prices: { ...priceList.prices, [operation.id]: operation.price } });
    });
  }

  putPack(pack: Pack, matches: (present: Pack | undefined) => boolean): Promise<PutOutcome> {
    return this.#put(pack, 'packs', matches, async ({ drizzle }) => {
      await drizzle.insert(packs).values(pack).onConflictDoUpdate({ target: packs.id, set: pack });
    });
  }

  async #put<T extends { id: string }>(
    item: T,
    section: keyof typeof MAX_ITEMS,
    matches: (present: T | undefined) => boolean,
    write: (tx: Queryable, catalogue: Catalogue) => Promise<void>,
  ): Promise<PutOutcome> {
    const outcome = await this.#database.transaction(async (tx): Promise<PutOutcome> => {
      await tx.query(CATALOGUE_LOCK);
      const catalogue = await loadCatalogue(tx);
      const items = catalogue[section] as ReadonlyMap<string, { id: string }> as ReadonlyMap<string, T>;
      const present = items.get(item.id);
      if (!matches(present)) return 'precondition_failed';
      if (!present && items.size >= MAX_ITEMS[section]) return 'full';
      await write(tx, catalogue);
      const change = { target: item.id, reason: null, before: present ?? null, after: item };
      await insertAuditLine(tx, this.#author, { userId: null, ...change });
      const data = { section, id: item.id };
      await insertHappenings(tx, [{ type: 'catalogue.changed', userId: null, at: this.#author.at, data }]);
      return present ? 'replaced' : 'created';
    });
    if (outcome === 'created' || outcome === 'replaced') await this.#store.changed();
    return outcome;
  }
}
