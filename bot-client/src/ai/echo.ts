import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { AiBackend, ChatEvent, ChatMessage, Picture } from './backend.js';

const PICTURE = new URL('echo-picture.png', import.meta.url);

/**
 * No key, no network: repeats the request word by word, and has one picture for every wish. The default, so that
 * everything around the AI can be tried first. Two words steer it: a request that says "fail" fails, one that says
 * "long" is answered at length.
 */
export class Echo implements AiBackend {
  readonly #wordMs: number;
  readonly #imageMs: number;
  readonly name = 'echo (offline)';

  constructor(wordMs = 45, imageMs = 2_500) {
    this.#wordMs = wordMs;
    this.#imageMs = imageMs;
  }

  async *chat(messages: ChatMessage[], signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const said = messages.at(-1)?.content ?? '';
    const turn = Math.ceil(messages.filter((message) => message.role === 'user').length);
    await pause(this.#wordMs * 4, undefined, { signal });
    if (/\bfail\b/i.test(said)) throw new Error('asked to fail');
    for (const word of answerTo(said, turn).split(/(?<=\s)/)) {
      yield { text: word };
      await pause(this.#wordMs, undefined, { signal });
    }
    const length = (text: string) => Math.ceil(text.length / 4);
    yield { usage: { promptTokens: length(said), completionTokens: length(answerTo(said, turn)) } };
  }

  async image(prompt: string, signal: AbortSignal): Promise<Picture> {
    await pause(this.#imageMs, undefined, { signal });
    if (/\bfail\b/i.test(prompt)) throw new Error('asked to fail');
    return { bytes: await readFile(PICTURE) };
  }

  async check(): Promise<string> {
    return this.name;
  }
}

function answerTo(said: string, turn: number): string {
  const russian = /[а-яё]/i.test(said);
  const quoted = said.length > 200 ? `${said.slice(0, 200)}…` : said;
  const opening = russian ? `Вы сказали: «${quoted}».` : `You said: “${quoted}”.`;
  const about = russian
    ? 'Я — **эхо**: отвечаю без сети и без ключа, чтобы можно было попробовать всё вокруг.'
    : 'I am the **echo** backend: no key, no network, so that everything around me can be tried first.';
  const memory = russian
    ? `Это реплика №${turn} нашего разговора.`
    : `This is turn ${turn} of our conversation.`;
  const more = russian
    ? 'Задайте `AI_BASE_URL` и `AI_API_KEY`, и здесь ответит настоящая модель.'
    : 'Set `AI_BASE_URL` and `AI_API_KEY`, and a real model answers here.';
  const body = `${opening}\n\n${about} ${memory}\n\n${more}`;
  return /\blong\b/i.test(said) ? `${body}\n\n`.repeat(30).trim() : body;
}
