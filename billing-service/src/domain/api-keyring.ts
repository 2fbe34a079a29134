import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ApiKeyStore } from '../stores/api-keys.js';
import type { Bus } from '../stores/stores.js';
import { hashOf, isWellFormedKey, type Scope } from './api-key.js';
import type { Clock } from './clock.js';

/** Who calls. The id is part of what an Idempotency-Key is scoped by. */
export interface Caller {
  apiKeyId: string;
  scopes: ReadonlySet<Scope>;
}

interface Known extends Caller {
  /** ms since the epoch, or Infinity. */
  expiresAt: number;
}

/** A revoked key dies everywhere within this time even where the bus loses the message. */
const FRESH_MS = 5_000;
const MAX_KEYS = 10_000;
/** The key of the environment; no row stands for it. */
const SETTINGS_KEY_ID = 'settings';
const NOBODY = 'nobody';

/** Which caller a presented key stands for. Answers are kept for 5 s at most, those of unknown keys too. */
export class ApiKeyring {
  private readonly known = new LRUCache<string, Known | typeof NOBODY>({ max: MAX_KEYS, ttl: FRESH_MS });
  private readonly adminHash: string | undefined;

  constructor(
    private readonly deps: { store: ApiKeyStore; clock: Clock; bus: Bus; adminKey: string | undefined },
  ) {
    this.adminHash = deps.adminKey === undefined ? undefined : hashOf(deps.adminKey);
    deps.bus.subscribe((event) => {
      if (event.kind === 'api_key' || event.kind === 'all') this.known.clear();
    });
  }

  /** Null where the key is unknown, mistyped, revoked or expired. Throws UnavailableError when it cannot be told. */
  async identify(key: string): Promise<Caller | null> {
    let known = this.known.get(key);
    if (known === undefined) {
      known = (await this.lookUp(key)) ?? NOBODY;
      this.known.set(key, known);
    }
    return known === NOBODY || known.expiresAt <= this.deps.clock.now() ? null : known;
  }

  private async lookUp(key: string): Promise<Known | null> {
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
