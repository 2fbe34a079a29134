/** Databases of the run: one a contender, copied from templates that are migrated and filled once. */
import pg from 'pg';
import { MemoryBus } from '../../billing-service/src/stores/memory/memory-bus.js';
import { openCatalogueStore } from '../../billing-service/src/stores/postgres/catalogue/catalogue-store.js';
import { migrate } from '../../billing-service/src/stores/postgres/driver/migrate.js';
import { openPostgres } from '../../billing-service/src/stores/postgres/driver/node-postgres.js';
import { type Size, seedSize } from './seed-size.js';

export class BenchDatabases {
  readonly #server: string;
  readonly #templates = new Map<string, Promise<string>>();

  constructor(server: string) {
    this.#server = server;
  }

  /** A database of this build's tables, with users, tokens and entries in it. @returns its URL */
  async filled(name: string, size: Size): Promise<string> {
    const template = this.#templates.get(size.name) ?? this.#makeTemplate(size);
    this.#templates.set(size.name, template);
    return this.#create(name, await template);
  }

  /** Without tables: for a build that brings its own. @returns its URL */
  empty(name: string): Promise<string> {
    return this.#create(name, 'template0');
  }

  async #makeTemplate(size: Size): Promise<string> {
    const name = `template_${size.name}`;
    const url = await this.#create(name, 'template0');
    const database = openPostgres({ url });
    try {
      await migrate(database);
      (await openCatalogueStore(database, new MemoryBus())).close();
    } finally {
      await database.close();
    }
    await withClient(url, async (client) => {
      await seedSize(client, size);
      // As after years of following: what is measured is not the filling in of sums.
      await client.query(
        "with seen as (select coalesce(max(id), 0) as id from entries) update marks set through_id = seen.id, summed_id = seen.id from seen where reader in ('usage', 'events')",
      );
    });
    return name;
  }

  async #create(name: string, template: string): Promise<string> {
    // Copied as files: by default a copy goes through the log, twice the writing.
    const create = `create database ${name} template ${template} strategy file_copy`;
    await withClient(this.#server, (client) => client.query(create));
    // The copy is still being written to disk, and the first rounds would have to wait for it.
    await withClient(this.#server, (client) => client.query('checkpoint'));
    const url = new URL(this.#server);
    url.pathname = `/${name}`;
    return url.href;
  }
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
