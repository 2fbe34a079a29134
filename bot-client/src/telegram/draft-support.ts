/** How long a chat goes without drafts after it refused one; then it is asked again. */
const OFF_MS = 3_600_000;
const MOST_CHATS = 10_000;

/**
 * Where drafts work. A chat that refuses one says nothing of the others: each falls back alone, and for an hour. A Telegram
 * that does not know the method (404) knows it in no chat.
 */
export class DraftSupport {
  readonly #offUntilMs = new Map<number, number>();
  readonly #onFallback: (code: number) => void;
  #allOffUntilMs = 0;

  constructor(onFallback: (code: number) => void = () => undefined) {
    this.#onFallback = onFallback;
  }

  works(chatId: number, nowMs = Date.now()): boolean {
    return nowMs >= this.#allOffUntilMs && nowMs >= (this.#offUntilMs.get(chatId) ?? 0);
  }

  refused(chatId: number, code: number, nowMs = Date.now()): void {
    this.#onFallback(code);
    if (code === 404) this.#allOffUntilMs = nowMs + OFF_MS;
    this.#offUntilMs.delete(chatId);
    this.#offUntilMs.set(chatId, nowMs + OFF_MS);
    if (this.#offUntilMs.size > MOST_CHATS)
      this.#offUntilMs.delete(this.#offUntilMs.keys().next().value as number);
  }
}
