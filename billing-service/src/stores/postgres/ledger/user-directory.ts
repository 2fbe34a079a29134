import type { UserDirectory, UserRow, UserSearch } from '../../../domain/ports/user-directory.js';
import { plainArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { ms } from './account-rows.js';
import { accountDue, TOTAL } from './statement-text.js';
import { boundsOf, LISTED, NEWEST, searchAll, searchNewest, spellings } from './user-search.js';

interface Row {
  user_id: number;
  references: string[];
  username: string | null;
  first_name: string | null;
  locale: string | null;
  tier: string;
  channel_subscribed_at: Date | null;
  created_at: Date;
  total: number;
  reserved: number;
  is_due: boolean;
}

const ROWS = `select u.id as user_id, u.username, u.first_name, u.locale, u.tier, u.channel_subscribed_at, u.created_at,
    array(select r.reference from user_references r where r.user_id = u.id order by r.created_at, r.reference) as references,
    ${TOTAL} as total, a.reserved, ${accountDue('$2')} as is_due
  from unnest($1::bigint[]) with ordinality wanted(id, place)
  join users u on u.id = wanted.id join accounts a on a.user_id = u.id order by wanted.place`;

export class PostgresUserDirectory implements UserDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Never by counting or skipping rows: a page costs the same wherever it is. */
  async find({ search, tier, before = Number.MAX_SAFE_INTEGER, limit }: UserSearch): Promise<number[]> {
    if (search === undefined) {
      const values = tier === undefined ? [before, limit] : [before, limit, tier];
      return this.#ids(tier === undefined ? LISTED.all : LISTED.ofTier, values);
    }
    const words = spellings(search);
    const values = [before, limit, tier ?? null, ...boundsOf(words)];
    const [newest] = await this.#database.query<{ ids: string; walked: number }>(
      searchNewest(words.length, tier !== undefined),
      values,
    );
    const found = newest ? numbersIn(newest.ids) : [];
    const isComplete = found.length >= limit || (newest !== undefined && newest.walked < NEWEST);
    return isComplete ? found : this.#ids(searchAll(words.length, tier !== undefined), values);
  }

  async rows(userIds: readonly number[], now: number): Promise<UserRow[]> {
    if (userIds.length === 0) return [];
    const rows = await this.#database.query<Row>(ROWS, [plainArray(userIds), new Date(now)]);
    return rows.map((row) => ({
      userId: row.user_id,
      references: row.references,
      username: row.username,
      firstName: row.first_name,
      locale: row.locale,
      tier: row.tier,
      channelSubscribedAt: ms(row.channel_subscribed_at),
      createdAt: row.created_at.getTime(),
      balance: { available: row.total - row.reserved, reserved: row.reserved, total: row.total },
      isDue: row.is_due,
    }));
  }

  async #ids(text: string, values: readonly unknown[]): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(text, values);
    return rows.map(({ id }) => id);
  }
}

const numbersIn = (array: string): number[] => (array.match(/\d+/g) ?? []).map(Number);
