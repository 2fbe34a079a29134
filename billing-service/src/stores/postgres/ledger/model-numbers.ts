import type { Queryable } from '../driver/database.js';

/** So many names get a number; all that come later are one, so that nobody's naming makes usage endless. */
const MAX_MODELS = 1_000;
/** Made by the migration, so that it is always there. */
export const OTHER_MODEL = 'other';

const LEARN = `insert into models (name)
select name from unnest($1::text[]) as wanted(name)
where not exists (select from models where models.name = wanted.name)
limit greatest(0, $2::integer - (select count(*) from models))
on conflict (name) do nothing`;
const ALL = 'select name, number from models';

/**
 * The numbers by which the ledger names models, in memory: never more than the bound, and never taken back. One flight
 * to the database at a time; instances that learn at the same moment may pass the bound by a flight each.
 */
export class ModelNumbers {
  readonly #database: Pick<Queryable, 'query'>;
  readonly #wanted = new Set<string>();
  #known: ReadonlyMap<string, number> = new Map();
  #flying: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(database: Pick<Queryable, 'query'>) {
    this.#database = database;
  }

  /** Null for a name that this process has not heard of, while there may be more. */
  known(name: string): number | null {
    const number = this.#known.get(name);
    if (number !== undefined) return number;
    return this.#known.size < MAX_MODELS ? null : (this.#known.get(OTHER_MODEL) as number);
  }

  /** Afterwards the name is known, if need be as `other`. */
  learn(name: string): Promise<void> {
    this.#wanted.add(name);
    return this.refresh();
  }

  /** What other instances have learnt meanwhile. */
  refresh(): Promise<void> {
    this.#next ??= this.#flying.then(
      () => this.#fly(),
      () => this.#fly(),
    );
    return this.#next;
  }

  #fly(): Promise<void> {
    const names = [...this.#wanted];
    this.#wanted.clear();
    this.#next = undefined;
    this.#flying = this.#read(names);
    return this.#flying;
  }

  async #read(names: string[]): Promise<void> {
    if (names.length > 0) await this.#database.query(LEARN, [names, MAX_MODELS]);
    const rows = await this.#database.query<{ name: string; number: number }>(ALL);
    this.#known = new Map(rows.map(({ name, number }) => [name, number]));
  }
}
