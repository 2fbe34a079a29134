import type { ChatMessage } from '../ai/backend.js';

const MOST_TURNS = 20;
const MOST_CHARACTERS = 12_000;
const MOST_CONVERSATIONS = 5_000;

/** What was said lately, by chat, thread and user; bounded three ways, and gone with the process. */
export class Memory {
  readonly #talks = new Map<string, ChatMessage[]>();

  recall(place: string): ChatMessage[] {
    return this.#talks.get(place) ?? [];
  }

  remember(place: string, question: string, answer: string): void {
    const talk = [
      ...this.recall(place),
      { role: 'user' as const, content: question },
      { role: 'assistant' as const, content: answer },
    ];
    let size = talk.reduce((sum, message) => sum + message.content.length, 0);
    // A question goes together with its answer.
    while (talk.length > MOST_TURNS * 2 || (size > MOST_CHARACTERS && talk.length > 2))
      for (const gone of talk.splice(0, 2)) size -= gone.content.length;
    this.#talks.delete(place);
    this.#talks.set(place, talk);
    if (this.#talks.size > MOST_CONVERSATIONS) this.#talks.delete(this.#talks.keys().next().value as string);
  }

  forget(place: string): void {
    this.#talks.delete(place);
  }
}
