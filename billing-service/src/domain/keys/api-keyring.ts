import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ApiKeyStore } from '../ports/api-key-store.js';
import type { Bus } from '../ports/bus.js';
import type { Clock } from '../ports/clock.js';
import { hashOf, isWellFormedKey, type Scope } from './api-key.js';

/** Who calls. The id is part of what an Idempotency-Key is scoped by. */
export interface Caller {
  apiKeyId: string;
  scopes: ReadonlySet<Scope>;
}

interface Found extends Caller {
  /** ms since the epoch, or Infinity. */
  expiresAt: number;
}

interface Answer {
  found: Found | null;
  /** By the process' own clock, which no test moves. */
  staleAtMs: number;
}

/** A revoked key dies everywhere within this time even where the bus loses the message. */
const FRESH_MS = 5_000;
const MAX_KEYS = 10_000;
/** The key of the environment; no row stands for it. */
const SETTINGS_KEY_ID = 'settings';

/** Which caller a presented key stands for. Answers are kept for 5 s at most, those of unknown keys too. */
export class ApiKeyring {
  // No ttl of the cache's own: its timers cost more than the whole of `known`.
  private readonly answers = new LRUCache<string, Answer>({ max: MAX_KEYS });
  private readonly adminHash: string | undefined;
  private changes = 0;

  constructor(
    private readonly deps: { store: ApiKeyStore; clock: Clock; bus: Bus; adminKey: string | undefined },
  ) {
    this.adminHash = deps.adminKey === undefined ? undefined : hashOf(deps.adminKey);
    deps.bus.subscribe((event) => {
      if (event.kind !== 'api_key' && event.kind !== 'all') return;
      this.changes += 1;
      this.answers.clear();
    });
  }

  /** Like identify, from recent answers only; undefined if the key must be looked up, or is nobody's. */
  known(key: string): Caller | undefined {
    const answer = this.answers.get(key);
    if (!answer?.found || answer.staleAtMs <= performance.now() || this.isOver(answer.found))
      return undefined;
    return answer.found;
  }

  /** Null where the key is unknown, mistyped, revoked or expired. Throws UnavailableError when it cannot be told. */
  async identify(key: string): Promise<Caller | null> {
    let answer = this.answers.get(key);
    if (!answer || answer.staleAtMs <= performance.now()) {
      const { changes } = this;
      const staleAtMs = performance.now() + FRESH_MS;
      answer = { found: await this.lookUp(key), staleAtMs };
      // A key may have been revoked while this was read: the answer is good for this request, but not for later ones.
      if (changes === this.changes) this.answers.set(key, answer);
    }
    return answer.found && !this.isOver(answer.found) ? answer.found : null;
  }

  private isOver({ expiresAt }: Found): boolean {
    return expiresAt !== Number.POSITIVE_INFINITY && expiresAt <= this.deps.clock.now();
  }

  private async lookUp(key: string): Promise<Found | null> {
    const hash = hashOf(key);
    if (this.adminHash && timingSafeEqual(Buffer.from(hash), Buffer.from(this.adminHash))) {
      return { apiKeyId: SETTINGS_KEY_ID, scopes: new Set(['admin']), expiresAt: Number.POSITIVE_INFINITY };
    }
    if (!isWellFormedKey(key)) return null;
    const found = await this.deps.store.findByHash(hash);
    return (
      found && {
        apiKeyId: found.id,
        scopes: new Set(found.scopes),
        expiresAt: found.expiresAt ?? Number.POSITIVE_INFINITY,
      }
    );
  }
}
