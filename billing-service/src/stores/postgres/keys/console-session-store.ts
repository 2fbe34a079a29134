import type { ConsoleSession, ConsoleSessionStore } from '../../../domain/ports/console-session-store.js';
import type { Database } from '../driver/database.js';

interface Row {
  token_hash: string;
  key_hash: string;
  created_at: Date;
  expires_at: Date;
}

export class PostgresConsoleSessionStore implements ConsoleSessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert({ tokenHash, keyHash, createdAt, expiresAt }: ConsoleSession, atMost: number): Promise<void> {
    await this.#database.query(
      'insert into console_sessions (token_hash, key_hash, created_at, expires_at) values ($1, $2, $3, $4)',
      [tokenHash, keyHash, new Date(createdAt), new Date(expiresAt)],
    );
    await this.#database.query(
      `delete from console_sessions where expires_at <= $1 or token_hash in (
         select token_hash from console_sessions where key_hash = $2
         order by created_at desc, token_hash offset $3)`,
      [new Date(createdAt), keyHash, atMost],
    );
  }

  async find(tokenHash: string, now: number): Promise<ConsoleSession | null> {
    const [row] = await this.#database.query<Row>(
      'select * from console_sessions where token_hash = $1 and expires_at > $2',
      [tokenHash, new Date(now)],
    );
    if (!row) return null;
    return {
      tokenHash: row.token_hash,
      keyHash: row.key_hash,
      createdAt: row.created_at.getTime(),
      expiresAt: row.expires_at.getTime(),
    };
  }

  async remove(tokenHash: string): Promise<void> {
    await this.#database.query('delete from console_sessions where token_hash = $1', [tokenHash]);
  }
}
