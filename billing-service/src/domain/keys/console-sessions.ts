import { randomBytes } from 'node:crypto';
import type { Clock } from '../ports/clock.js';
import type { ConsoleSessionStore } from '../ports/console-session-store.js';
import { hashOf, type Scope } from './api-key.js';
import type { ApiKeyring, Caller } from './api-keyring.js';

const LIFE_MS = 12 * 3_600_000;
/** Then the oldest ends, so that somebody who signs in without end fills no table. */
const MAX_SESSIONS_OF_KEY = 50;
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;
const OPENS_CONSOLE: Scope[] = ['admin', 'support'];

interface Deps {
  store: ConsoleSessionStore;
  keyring: ApiKeyring;
  clock: Clock;
}

export type SignIn =
  | { kind: 'open'; token: string; lifeMs: number }
  | { kind: 'unknown_key' }
  | { kind: 'insufficient_scope' };

/**
 * An operator's sessions: an API key is exchanged once for a random token, of which only the hash is kept, in the
 * database that all instances share. The key is looked up again with every request, so a session ends with its key.
 */
export class ConsoleSessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `isSuspect`: the address has sent many wrong keys. */
  async start(key: string, isSuspect: boolean): Promise<SignIn> {
    const { keyring, clock, store } = this.#deps;
    const holder = await (isSuspect ? keyring.identifySuspect(key) : keyring.identify(key));
    if (!holder) return { kind: 'unknown_key' };
    if (!opensConsole(holder)) return { kind: 'insufficient_scope' };
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const createdAt = clock.now();
    const session = { tokenHash: hashOf(token), keyHash: hashOf(key), createdAt };
    await store.insert({ ...session, expiresAt: createdAt + LIFE_MS }, MAX_SESSIONS_OF_KEY);
    return { kind: 'open', token, lifeMs: LIFE_MS };
  }

  /** Who is behind a cookie; null where the session or its key is over. */
  async holderOf(token: string): Promise<Caller | null> {
    if (!TOKEN.test(token)) return null;
    const session = await this.#deps.store.find(hashOf(token), this.#deps.clock.now());
    const holder = session && (await this.#deps.keyring.holderOf(session.keyHash));
    return holder && opensConsole(holder) ? holder : null;
  }

  end(token: string): Promise<void> {
    return this.#deps.store.remove(hashOf(token));
  }
}

const opensConsole = ({ scopes }: Caller) => OPENS_CONSOLE.some((scope) => scopes.has(scope));
