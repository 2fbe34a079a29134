import type { AccountReader } from '../listings.js';
import type { Database } from './database.js';

const IS_DUE = `select (next_due_at <= $2::timestamptz) is true
  or (reserved > 0 and hold_due_at <= $2::timestamptz) as due
from accounts where user_id = $1::bigint`;

export class PostgresAccountReader implements AccountReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async isDue(userId: number, now: number): Promise<boolean> {
    const [row] = await this.#database.query<{ due: boolean | null }>(IS_DUE, [userId, new Date(now)]);
    return row?.due === true;
  }
}
