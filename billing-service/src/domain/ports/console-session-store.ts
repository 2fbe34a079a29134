/** What is kept of a console's session: hashes only, so that whoever reads the table can neither sign in nor call. */
export interface ConsoleSession {
  /** SHA-256 (hex) of what the cookie holds. */
  tokenHash: string;
  /** SHA-256 (hex) of the API key that signed in: the session is over when the key is. */
  keyHash: string;
  createdAt: number;
  expiresAt: number;
}

export interface ConsoleSessionStore {
  /** Also forgets those that are over, and the oldest of the same key beyond `atMost`. */
  insert(session: ConsoleSession, atMost: number): Promise<void>;
  /** Null where it is over or was ended. */
  find(tokenHash: string, now: number): Promise<ConsoleSession | null>;
  remove(tokenHash: string): Promise<void>;
}
