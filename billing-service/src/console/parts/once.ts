import { LRUCache } from 'lru-cache';
import type { ConsoleReply } from '../exchange.js';

const KEPT_MS = 60_000;
const MAX_REPLIES = 200;

/**
 * The replies to forms that were confirmed a moment ago: a second click gets what the first one got, also where the API
 * has no second answer (a key is shown once, and can be revoked once). In this process only: what a form does to tokens
 * is done once by its Idempotency-Key, wherever it arrives.
 */
export class Once {
  readonly #replies = new LRUCache<string, Promise<ConsoleReply>>({ max: MAX_REPLIES, ttl: KEPT_MS });

  reply(form: string, act: () => Promise<ConsoleReply>): Promise<ConsoleReply> {
    const earlier = this.#replies.get(form);
    if (earlier) return earlier;
    const reply = act();
    this.#replies.set(form, reply);
    // What failed may be tried again.
    reply.catch(() => this.#replies.delete(form));
    return reply;
  }
}
