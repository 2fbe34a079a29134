import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import {
  type AiBackend,
  AiError,
  type ChatEvent,
  type ChatMessage,
  type Cut,
  MOST_COMPLETION_TOKENS,
  type Picture,
} from './backend.js';
import { serverSentEvents } from './server-sent-events.js';

export interface OpenAiOptions {
  /** With its `/v1`. */
  baseUrl: string;
  apiKey: string | undefined;
  chatModel: string;
  imageModel: string;
}

/** Between two pieces of a stream, and for the first answer of a picture. */
const IDLE_MS = 60_000;
const IMAGE_MS = 180_000;

interface ChatChunk {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
  error?: { message?: string };
}

/** The surface OpenAI, OpenRouter, Ollama and vLLM share: /chat/completions streamed, /images/generations. */
export class OpenAi implements AiBackend {
  readonly #options: OpenAiOptions;
  readonly name: string;
  readonly #agent = new Agent({
    connect: { timeout: 10_000 },
    bodyTimeout: IDLE_MS,
    headersTimeout: IMAGE_MS,
  });

  constructor(options: OpenAiOptions) {
    this.#options = options;
    this.name = `${options.chatModel} at ${new URL(options.baseUrl).host}`;
  }

  async *chat(messages: ChatMessage[], signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const body = {
      model: this.#options.chatModel,
      messages,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: MOST_COMPLETION_TOKENS,
    };
    const response = await this.#post('/chat/completions', body, signal);
    let isWhole = false;
    try {
      for await (const data of serverSentEvents(response)) {
        if (data === '[DONE]') return;
        const chunk = parsed<ChatChunk>(data);
        if (chunk.error !== undefined) throw new AiError(chunk.error.message ?? 'the stream broke off');
        yield* eventsOf(chunk);
        isWhole ||= Boolean(chunk.choices?.[0]?.finish_reason);
      }
    } catch (error) {
      // Behind the last word only the count of tokens can get lost.
      if (!isWhole || signal.aborted) throw error;
    }
    if (!isWhole) throw new AiError('the stream ended without an end');
  }

  async image(prompt: string, signal: AbortSignal): Promise<Picture> {
    const body = { model: this.#options.imageModel, prompt, n: 1, size: '1024x1024' };
    const response = await this.#post('/images/generations', body, signal);
    const { data } = parsed<{ data?: { b64_json?: string; url?: string }[] }>(await text(response));
    const first = data?.[0];
    if (first?.b64_json) return { bytes: Buffer.from(first.b64_json, 'base64') };
    if (first?.url) return { bytes: await this.#download(first.url, signal) };
    throw new AiError('the answer held no picture');
  }

  async check(): Promise<string> {
    const { statusCode, body } = await request(`${this.#options.baseUrl}/models`, {
      headers: this.#headers(),
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(10_000),
    });
    await body.dump();
    if (statusCode !== 200) throw new AiError(`GET /models answered ${statusCode}`);
    return this.name;
  }

  async #download(url: string, signal: AbortSignal): Promise<Buffer> {
    const { statusCode, body } = await request(url, { dispatcher: this.#agent, signal });
    if (statusCode !== 200) throw new AiError(`the picture's address answered ${statusCode}`);
    return Buffer.from(await body.arrayBuffer());
  }

  async #post(path: string, body: object, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const response = await request(this.#options.baseUrl + path, {
      method: 'POST',
      headers: { ...this.#headers(), 'content-type': 'application/json' },
      body: JSON.stringify(body),
      dispatcher: this.#agent,
      signal,
    });
    if (response.statusCode === 200) return response.body;
    const why = (await response.body.text()).slice(0, 300);
    throw new AiError(`${path} answered ${response.statusCode}: ${why}`);
  }

  #headers(): Record<string, string> {
    return this.#options.apiKey === undefined ? {} : { authorization: `Bearer ${this.#options.apiKey}` };
  }
}

const CUTS: Record<string, Cut> = { length: 'length', content_filter: 'filter' };

function* eventsOf({ choices, usage }: ChatChunk): Generator<ChatEvent> {
  const { delta, finish_reason: finish } = choices?.[0] ?? {};
  if (delta?.content) yield { text: delta.content };
  const cut = CUTS[finish ?? ''];
  if (cut !== undefined) yield { cut };
  if (usage)
    yield { usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens } };
}

function parsed<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new AiError('the answer was not JSON');
  }
}
