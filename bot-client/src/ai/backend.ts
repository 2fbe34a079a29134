export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}
/** LLM tokens (not ours) as the backend counted them. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
}
/** Why an answer ends before it is whole. */
export type Cut = 'length' | 'filter';
/** A stream that ends is whole, or says why it was cut; one that breaks off throws. */
export type ChatEvent = { text: string } | { usage: Usage } | { cut: Cut };
export interface Picture {
  bytes: Buffer;
}

/** What the bot needs of an AI: a chat answer as it grows, and a picture. Both end early when the signal aborts. */
export interface AiBackend {
  readonly name: string;
  chat(messages: ChatMessage[], signal: AbortSignal): AsyncIterable<ChatEvent>;
  image(prompt: string, signal: AbortSignal): Promise<Picture>;
  /** One line that says the backend answers; throws `AiError` where it does not. */
  check(): Promise<string>;
}

/** The AI failed; the message is for the log, never for the user. */
export class AiError extends Error {
  override readonly name = 'AiError';
}

/** The most LLM tokens an answer may have; the bound that usage pricing reserves for. */
export const MOST_COMPLETION_TOKENS = 1_024;
