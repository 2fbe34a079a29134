import { LRUCache } from 'lru-cache';
import {
  type Catalogue,
  GIFT_TIER,
  MAX_ITEMS,
  type Operation,
  type Pack,
  type PriceList,
  type Tier,
} from '../../../domain/catalogue/catalogue.js';
import type { Bus } from '../../../domain/ports/bus.js';
import type { CatalogueStore, PutOutcome } from '../../../domain/ports/catalogue-store.js';
import type { Database, Queryable } from '../driver/database.js';
import { SerialReload } from '../driver/serial-reload.js';
import { operations, packs, priceLists, tiers } from '../schema/schema.js';
import { loadCatalogue, loadPriceList } from './catalogue-rows.js';
import { seedCatalogue } from './catalogue-seed.js';

const REFRESH_MS = 300_000;
/**
 * Writers of the catalogue hold it until commit, so they see each other's changes and the newest list has all prices.
 */
const LOCK = 'select pg_advisory_xact_lock(7203416)';
const OLD_PRICE_LISTS = 1_000;
/**
 * Gift no longer asks for a channel: users who wait for their first join are due at once. Locks in the hot statements'
 * order.
 */
const WAKE_WAITING = `update accounts set next_due_at = to_timestamp(0) where user_id in (
  select a.user_id from accounts a join users u on u.id = a.user_id
  where u.tier = $1 and u.anchor is null order by a.user_id for update of a
)`;

/** Seeds an empty catalogue, loads it, and keeps it in memory until close(). */
export async function openCatalogueStore(database: Database, bus: Bus): Promise<PostgresCatalogueStore> {
  await database.transaction(async (tx) => {
    await tx.query(LOCK);
    await seedCatalogue(tx);
  });
  return new PostgresCatalogueStore(database, bus, await loadCatalogue(database));
}

export class PostgresCatalogueStore implements CatalogueStore {
  readonly #database: Database;
  readonly #bus: Bus;
  readonly #reload: SerialReload<Catalogue>;
  readonly #oldPriceLists = new LRUCache<number, Promise<PriceList>>({ max: OLD_PRICE_LISTS });
  #current: Catalogue;

  constructor(database: Database, bus: Bus, current: Catalogue) {
    this.#database = database;
    this.#bus = bus;
    this.#current = current;
    this.#reload = new SerialReload({
      load: () => loadCatalogue(database),
      apply: (read) => {
        this.#current = read;
      },
      everyMs: REFRESH_MS,
    });
    bus.subscribe((event) => {
      if (event.kind === 'catalogue' || event.kind === 'all') this.#reload.soon();
    });
  }

  current(): Catalogue {
    return this.#current;
  }

  refresh(): Promise<void> {
    return this.#reload.now();
  }

  /** Price lists that stored answers were made from; a list never changes. Read once for all who ask meanwhile. */
  async priceList(id: number): Promise<PriceList> {
    if (id === this.#current.priceList.id) return this.#current.priceList;
    const known = this.#oldPriceLists.get(id) ?? loadPriceList(this.#database, id);
    this.#oldPriceLists.set(id, known);
    known.catch(() => this.#oldPriceLists.delete(id));
    return known;
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

  close(): void {
    this.#reload.close();
  }

  async #put<T extends { id: string }>(
    item: T,
    section: keyof typeof MAX_ITEMS,
    matches: (present: T | undefined) => boolean,
    write: (tx: Queryable, catalogue: Catalogue) => Promise<void>,
  ): Promise<PutOutcome> {
    const outcome = await this.#database.transaction(async (tx): Promise<PutOutcome> => {
      await tx.query(LOCK);
      const catalogue = await loadCatalogue(tx);
      const items = catalogue[section] as ReadonlyMap<string, { id: string }> as ReadonlyMap<string, T>;
      const present = items.get(item.id);
      if (!matches(present)) return 'precondition_failed';
      if (!present && items.size >= MAX_ITEMS[section]) return 'full';
      await write(tx, catalogue);
      return present ? 'replaced' : 'created';
    });
    if (outcome === 'created' || outcome === 'replaced') {
      this.#bus.publish({ kind: 'catalogue' });
      await this.refresh();
    }
    return outcome;
  }
}
