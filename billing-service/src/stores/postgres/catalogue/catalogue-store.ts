import { LRUCache } from 'lru-cache';
import type { Catalogue, PriceList, PriceVersion } from '../../../domain/catalogue/catalogue.js';
import type { Author } from '../../../domain/ports/audit-log.js';
import type { Bus } from '../../../domain/ports/bus.js';
import type { CatalogueEditor, CatalogueStore } from '../../../domain/ports/catalogue-store.js';
import type { Database } from '../driver/database.js';
import { SerialReload } from '../driver/serial-reload.js';
import { PostgresCatalogueEditor } from './catalogue-editor.js';
import { CATALOGUE_LOCK, loadCatalogue, loadPriceList, loadPriceVersion } from './catalogue-rows.js';
import { seedCatalogue } from './catalogue-seed.js';

const REFRESH_MS = 300_000;
const OLD_PRICE_LISTS = 1_000;
/** With up to 200 rates each. */
const OLD_PRICE_VERSIONS = 500;

/** Seeds an empty catalogue, loads it, and keeps it in memory until close(). */
export async function openCatalogueStore(database: Database, bus: Bus): Promise<PostgresCatalogueStore> {
  await database.transaction(async (tx) => {
    await tx.query(CATALOGUE_LOCK);
    await seedCatalogue(tx);
  });
  return new PostgresCatalogueStore(database, bus, await loadCatalogue(database));
}

export class PostgresCatalogueStore implements CatalogueStore {
  readonly #database: Database;
  readonly #bus: Bus;
  readonly #reload: SerialReload<Catalogue>;
  readonly #oldPriceLists = new LRUCache<number, Promise<PriceList>>({ max: OLD_PRICE_LISTS });
  readonly #oldVersions = new LRUCache<string, Promise<PriceVersion>>({ max: OLD_PRICE_VERSIONS });
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

  async priceVersion(operation: string, version: number): Promise<PriceVersion> {
    const { operations, priceVersions } = this.#current;
    const present = operations.get(operation);
    if (present && priceVersions.get(operation) === version) return { ...present, version };
    const name = `${operation} ${version}`;
    const known = this.#oldVersions.get(name) ?? loadPriceVersion(this.#database, operation, version);
    this.#oldVersions.set(name, known);
    known.catch(() => this.#oldVersions.delete(name));
    return known;
  }

  by(author: Author): CatalogueEditor {
    return new PostgresCatalogueEditor(this.#database, this, author);
  }

  /** Something was written here. */
  changed(): Promise<void> {
    this.#bus.publish({ kind: 'catalogue' });
    return this.refresh();
  }

  close(): void {
    this.#reload.close();
  }
}
