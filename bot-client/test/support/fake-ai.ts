import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalServer, sendJson } from './local-server.js';

interface ChatRequest {
  model: string;
  stream: boolean;
  stream_options?: { include_usage?: boolean };
  messages: { role: string; content: string }[];
}
/** Two pixels by two. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEUlEQVR4nGNgZGJmZGJmgFAAAK4AGQw8f7AAAAAASUVORK5CYII=',
  'base64',
);

/** An OpenAI-compatible server whose answers the test writes: `answer`, or trouble through the other fields. */
export class FakeAi extends LocalServer {
  answer: (asked: string) => string = (asked) => `You said ${asked}`;
  wordMs = 0;
  /** Called before an answer or a picture is given; a test may keep it waiting. */
  onAsked: (asked: string) => Promise<void> = async () => undefined;
  status = 200;
  /** What it says when `status` is no success. */
  complaint = 'no';
  picture = PICTURE;
  breakAfterWords = Number.POSITIVE_INFINITY;
  /** `[DONE]` and a finish reason, as OpenAI; only the reason, as some; or neither: the stream just ends. */
  ending: 'both' | 'reason' | 'none' = 'both';
  finishReason = 'stop';
  /** Pictures as an address to fetch, as some backends give them. */
  imagesByUrl = false;
  picturePath = '/picture.png';
  readonly requests: { path: string; body: ChatRequest & { prompt?: string } }[] = [];

  /** With its `/v1`, as `AI_BASE_URL` wants it. */
  get baseUrl(): string {
    return `${this.url}/v1`;
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await buffer(request)).toString();
    const body = text === '' ? {} : JSON.parse(text);
    this.requests.push({ path: request.url ?? '', body });
    if (request.url === '/gone.png') sendJson(response, 404, {});
    else if (this.status !== 200) sendJson(response, this.status, { error: { message: this.complaint } });
    else if (request.url === '/v1/models') sendJson(response, 200, { data: [] });
    else if (request.url === '/picture.png') response.end(this.picture);
    else if (request.url === '/v1/images/generations') await this.#image(body, response);
    else await this.#chat(body, response);
  }

  async #image(body: { prompt: string }, response: ServerResponse): Promise<void> {
    await this.onAsked(body.prompt);
    const picture = this.imagesByUrl
      ? { url: this.url + this.picturePath }
      : { b64_json: this.picture.toString('base64') };
    sendJson(response, 200, { data: [picture] });
  }

  async #chat(body: ChatRequest, response: ServerResponse): Promise<void> {
    const asked = body.messages.at(-1)?.content ?? '';
    await this.onAsked(asked);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const words = this.answer(asked).split(/(?<=\s)/);
    for (const [index, word] of words.entries()) {
      if (response.destroyed) return;
      if (index >= this.breakAfterWords) return void response.destroy();
      send(response, { choices: [{ delta: { content: word } }] });
      if (this.wordMs > 0) await pause(this.wordMs, undefined, { ref: false });
    }
    if (this.ending !== 'none')
      send(response, { choices: [{ delta: {}, finish_reason: this.finishReason }] });
    const usage = { prompt_tokens: 10, completion_tokens: words.length };
    if (body.stream_options?.include_usage) send(response, { choices: [], usage });
    response.end(this.ending === 'both' ? 'data: [DONE]\n\n' : undefined);
  }
}

function send(response: ServerResponse, chunk: object): void {
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}
