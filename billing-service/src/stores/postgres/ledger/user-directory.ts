import { inForce, type Overrides } from '../../../domain/catalogue/overrides.js';
import type { UserDirectory, UserRow, UserSearch } from '../../../domain/ports/user-directory.js';
import { plainArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { blockOf } from '../users/user-rows.js';
import { ms } from './account-rows.js';
import { accountDue, TOTAL } from './statement-text.js';
import { boundsOf, listed, NEWEST, searchAll, searchNewest, spellings } from './user-search.js';

interface Row {
  user_id: number;
  references: string[];
  username: string | null;
  first_name: string | null;
  locale: string | null;
  tier: string;
  channel_subscribed_at: Date | null;
  blocked_at: Date | null;
  block_reason: string | null;
  overrides: Overrides | null;
  created_at: Date;
  total: number;
  reserved: number;
  is_due: boolean;
}

const ROWS = `select u.id as user_id, u.username, u.first_name, u.locale, u.tier, u.channel_subscribed_at, u.created_at,
    u.blocked_at, u.block_reason, u.overrides,
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
  async find({
    search,
    tier,
    blocked,
    before = Number.MAX_SAFE_INTEGER,
    limit,
  }: UserSearch): Promise<number[]> {
    const only = { tier: tier !== undefined, blocked };
    if (search === undefined) return this.#ids(listed(only), [before, limit, tier ?? null]);
    const words = spellings(search);
    const values = [before, limit, tier ?? null, ...boundsOf(words)];
    const [newest] = await this.#database.query<{ ids: string; walked: number }>(
      searchNewest(words.length, only),
      values,
    );
    const found = newest ? numbersIn(newest.ids) : [];
    const isComplete = found.length >= limit || (newest !== undefined && newest.walked < NEWEST);
    return isComplete ? found : this.#ids(searchAll(words.length, only), values);
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
      blocked: blockOf({ blockedAt: row.blocked_at, blockReason: row.block_reason }),
      overrides: inForce(row.overrides, now),
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
