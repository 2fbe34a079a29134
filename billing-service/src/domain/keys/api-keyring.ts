import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ApiKeyStore } from '../ports/api-key-store.js';
import type { Bus } from '../ports/bus.js';
import type { Clock } from '../ports/clock.js';
import { endOf, hashOf, isWellFormedKey, type Scope } from './api-key.js';
import type { KeyUses } from './key-uses.js';
import { LiveKeys } from './live-keys.js';

/** Who calls. */
export interface Caller {
  apiKeyId: string;
  /** The key's. */
  name: string;
  /** Part of what an Idempotency-Key is scoped by. */
  idempotencyScope: string;
  scopes: ReadonlySet<Scope>;
}

interface Found extends Caller {
  /** ms since the epoch, or Infinity. */
  expiresAt: number;
}

/** Times by the process's own clock, which no test of a client moves. */
interface Answer {
  found: Found | null;
  /** From then on it is read again while it still serves. */
  refreshAtMs: number;
  endsAtMs: number;
}

/** A read that is on its way, for all who ask meanwhile. */
interface Flight {
  answer: Promise<Answer>;
  /** Keys had changed so often when it began. */
  changes: number;
  startedMs: number;
  /** It began beside one that stood still. */
  isBeside: boolean;
}

/** A revoked key dies everywhere within this time even where the bus loses the message. From when its read began. */
const KEPT_MS = 5_000;
/** Leaves a read two seconds, so that nobody waits for a key that is in use. */
const REFRESH_MS = 3_000;
const REFRESH_RETRY_MS = 500;
/** A read that takes this long is stuck at its connection: one other may begin beside it, and leaves time for an answer. */
const STUCK_MS = 1_000;
const MAX_KEYS = 10_000;
/** The key of the environment; no row stands for it. */
export const SETTINGS_KEY: Found = {
  apiKeyId: 'settings',
  name: 'ADMIN_API_KEY',
  idempotencyScope: 'settings',
  scopes: new Set(['admin']),
  expiresAt: Number.POSITIVE_INFINITY,
};

interface Deps {
  store: ApiKeyStore;
  clock: Clock;
  bus: Bus;
  adminKey: string | undefined;
  /** Hears of a key whenever it is read for somebody who uses it. */
  uses?: KeyUses | undefined;
  /** How old answers are; the process's own clock where absent. */
  nowMs?: () => number;
}

/**
 * Which caller a presented key stands for. Answers are kept for 5 s at most, those of unknown keys too. Nobody reads a
 * key that somebody else is reading, and one in use is read again before its answer ends, behind those whom it serves.
 */
export class ApiKeyring {
  readonly #deps: Deps;
  // No ttl of the cache's own: its timers cost more than the whole of `known`.
  readonly #answers = new LRUCache<string, Answer>({ max: MAX_KEYS });
  readonly #flights = new Map<string, Flight>();
  readonly #adminHash: string | undefined;
  readonly #nowMs: () => number;
  readonly #live: LiveKeys;
  #changes = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? (() => performance.now());
    this.#live = new LiveKeys((limit) => deps.store.liveHashes(limit), this.#nowMs);
    this.#adminHash = deps.adminKey === undefined ? undefined : hashOf(deps.adminKey);
    deps.bus.subscribe((event) => {
      if (event.kind !== 'api_key' && event.kind !== 'all') return;
      this.#changes += 1;
      this.#answers.clear();
      this.#live.forget();
    });
  }

  /** For the figures. */
  readonly lookups = { hits: 0, misses: 0 };

  /** Like identify, from recent answers only; undefined if the key must be looked up, or is nobody's. */
  known(key: string): Caller | undefined {
    const found = this.#kept(key)?.found;
    const isKnown = found && !this.#isOver(found);
    if (isKnown) this.lookups.hits += 1;
    else this.lookups.misses += 1;
    return isKnown ? found : undefined;
  }

  /** Null where the key is unknown, mistyped, revoked or expired. Throws UnavailableError when it cannot be told. */
  async identify(key: string): Promise<Caller | null> {
    const kept = this.#kept(key);
    // Not kept either: a form takes 16 KB for a key, and ten thousand of these would be 160 MB.
    if (!kept && !this.#mayBeKey(key)) return null;
    const { found } = kept ?? (await this.#read(key));
    return found && !this.#isOver(found) ? found : null;
  }

  /** Like identify, for an address that sends wrong keys: one that is nobody's costs no read of its own. */
  async identifySuspect(key: string): Promise<Caller | null> {
    const isKnown = this.#answers.has(key) || !isWellFormedKey(key) || this.#isAdminHash(hashOf(key));
    return isKnown || (await this.#live.mayHave(hashOf(key))) ? this.identify(key) : null;
  }

  /**
   * Who holds the key of this SHA-256 (hex), asked of the store each time. Only for what we have hashed ourselves: who
   * sends a hash must not pass for who has the key.
   */
  async holderOf(keyHash: string): Promise<Caller | null> {
    const found = await this.#find(keyHash);
    return found && !this.#isOver(found) ? found : null;
  }

  #mayBeKey(key: string): boolean {
    return isWellFormedKey(key) || this.#isAdminHash(hashOf(key));
  }

  #isAdminHash(hash: string): boolean {
    return this.#adminHash !== undefined && timingSafeEqual(Buffer.from(hash), Buffer.from(this.#adminHash));
  }

  #kept(key: string): Answer | undefined {
    const answer = this.#answers.get(key);
    const nowMs = this.#nowMs();
    if (!answer || answer.endsAtMs <= nowMs) return undefined;
    if (answer.found && answer.refreshAtMs <= nowMs) {
      answer.refreshAtMs = nowMs + REFRESH_RETRY_MS;
      // A failure is not heard here: the answer serves to its end, and then the failure is that of identify.
      this.#read(key).catch(() => {});
    }
    return answer;
  }

  /** Joins the read that is on its way, unless that began before a change, stands still, or is so old as to be no use. */
  #read(key: string): Promise<Answer> {
    const changes = this.#changes;
    const startedMs = this.#nowMs();
    const before = this.#flights.get(key);
    const joinedForMs = before?.isBeside ? KEPT_MS : STUCK_MS;
    if (before?.changes === changes && startedMs - before.startedMs < joinedForMs) return before.answer;
    const answer = this.#fly(key, changes, startedMs);
    const flight = { answer, changes, startedMs, isBeside: before?.changes === changes };
    this.#flights.set(key, flight);
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.answer.then(land, land);
    return flight.answer;
  }

  async #fly(key: string, changes: number, startedMs: number): Promise<Answer> {
    const found = await this.#find(hashOf(key));
    const answer = { found, refreshAtMs: startedMs + REFRESH_MS, endsAtMs: startedMs + KEPT_MS };
    // A key may have been revoked while this was read: the answer is good for those who asked before, but not for later
    // ones.
    if (changes === this.#changes) this.#answers.set(key, answer);
    return answer;
  }

  #isOver({ expiresAt }: Found): boolean {
    return expiresAt !== Number.POSITIVE_INFINITY && expiresAt <= this.#deps.clock.now();
  }

  async #find(hash: string): Promise<Found | null> {
    if (this.#isAdminHash(hash)) return SETTINGS_KEY;
    const found = await this.#deps.store.findByHash(hash);
    if (!found) return null;
    const { id: apiKeyId, name, idempotencyScope, scopes } = found;
    const expiresAt = endOf(found) ?? Number.POSITIVE_INFINITY;
    const caller = { apiKeyId, name, idempotencyScope, scopes: new Set(scopes), expiresAt };
    if (!this.#isOver(caller)) this.#deps.uses?.note(found);
    return caller;
  }
}
