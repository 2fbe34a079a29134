import { TelegramRefusal } from './refusal.js';
import type { Update } from './types.js';

/** Without allowed_updates Telegram keeps these back. */
const ASKED_FOR_ONLY = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

/** Updates waiting for the bot: confirmed only by a later offset, so they come at least once; or pushed to a webhook. */
export class UpdateFeed {
  #nextId = 1000;
  #waiting: Update[] = [];
  #allowed: string[] = [];
  #poll: { answer: (updates: Update[]) => void; refuse: (error: Error) => void } | undefined;
  readonly #history = new Map<number, Update>();
  webhook: { url: string; secret: string | undefined } | undefined;
  /** For the tests: what a webhook push was answered with. */
  readonly pushed: { updateId: number; status: number }[] = [];

  add(kind: string, content: object): number {
    const update: Update = { update_id: this.#nextId++, [kind]: content };
    const wanted = this.#allowed.length > 0 ? this.#allowed.includes(kind) : !ASKED_FOR_ONLY.has(kind);
    if (wanted) this.#offer(update);
    return update.update_id;
  }

  /** Not confirmed by the bot yet. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** A call of getUpdates waits for the next. */
  get isAwaited(): boolean {
    return this.#poll !== undefined;
  }

  /** Telegram keeps an update for a day; what the bot did not fetch by then is gone. */
  expire(): void {
    this.#waiting = [];
  }

  /** Delivers an update again, as Telegram does when a confirmation was lost. */
  redeliver(updateId: number): void {
    const update = this.#history.get(updateId);
    if (update === undefined) throw new Error(`no update ${updateId}`);
    this.#offer(update);
  }

  /** The number of the last update of that kind. */
  newest(kind: string): number {
    const found = [...this.#history.values()].findLast((update) => kind in update);
    if (found === undefined) throw new Error(`no update of kind ${kind}`);
    return found.update_id;
  }

  allow(kinds: unknown): void {
    if (Array.isArray(kinds)) this.#allowed = kinds.map(String);
  }

  async next(offset: number, limit: number, timeoutMs: number): Promise<Update[]> {
    if (this.webhook !== undefined)
      throw new TelegramRefusal(409, "Conflict: can't use getUpdates method while webhook is active");
    this.#poll?.refuse(new TelegramRefusal(409, 'Conflict: terminated by other getUpdates request'));
    if (offset > 0)
      this.#waiting = this.#waiting.filter((update) => update.update_id >= offset || this.#isLate(update));
    this.#late.clear();
    if (this.#waiting.length > 0 || timeoutMs === 0) return this.#waiting.slice(0, limit);
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#poll = undefined;
      };
      const timer = setTimeout(() => {
        done();
        resolve([]);
      }, timeoutMs);
      this.#poll = {
        answer: (updates) => {
          done();
          resolve(updates.slice(0, limit));
        },
        refuse: (error) => {
          done();
          reject(error);
        },
      };
    });
  }

  readonly #late = new Set<Update>();
  #isLate(update: Update): boolean {
    return this.#late.has(update);
  }

  #offer(update: Update): void {
    // A redelivered update has an old id; it must be seen once more before an offset may confirm it.
    if (this.#history.has(update.update_id)) this.#late.add(update);
    this.#history.set(update.update_id, update);
    if (this.webhook !== undefined) void this.#push(update);
    else {
      this.#waiting.push(update);
      this.#poll?.answer([...this.#waiting]);
    }
  }

  async #push(update: Update, attempt = 1): Promise<void> {
    const hook = this.webhook;
    if (hook === undefined) return;
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (hook.secret !== undefined) headers['x-telegram-bot-api-secret-token'] = hook.secret;
    const status = await fetch(hook.url, { method: 'POST', headers, body: JSON.stringify(update) }).then(
      (response) => response.status,
      () => 0,
    );
    this.pushed.push({ updateId: update.update_id, status });
    // Telegram repeats a push that was not answered with a 2xx.
    if ((status < 200 || status > 299) && attempt < 20)
      setTimeout(() => void this.#push(update, attempt + 1), 100 * attempt).unref();
  }

  close(): void {
    this.#poll?.answer([]);
  }
}
