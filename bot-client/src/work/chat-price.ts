import { type ChatMessage, MOST_COMPLETION_TOKENS, type Usage } from '../ai/backend.js';

/** Chat charged by usage: how much to hold before, and what to charge after. In our tokens. */
export class UsagePrice {
  readonly #tokensPer1k: number;

  constructor(tokensPer1k: number) {
    this.#tokensPer1k = tokensPer1k;
  }

  /** No tokeniser makes more tokens than there are bytes; a few more frame each message. */
  upperBound(messages: ChatMessage[]): number {
    const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message.content) + 8, 8);
    return this.#tokens(bytes + MOST_COMPLETION_TOKENS);
  }

  of(usage: Usage): number {
    return this.#tokens(usage.promptTokens + usage.completionTokens);
  }

  /** For an answer that was stopped, or a backend that does not count: about four bytes a token. */
  estimate(messages: ChatMessage[], answer: string): number {
    const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message.content), 0);
    return this.#tokens((bytes + Buffer.byteLength(answer)) / 4);
  }

  #tokens(llmTokens: number): number {
    return Math.max(1, Math.ceil((llmTokens * this.#tokensPer1k) / 1000));
  }
}
