import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { png } from '../../src/ai/png.js';

interface ChatRequest {
  model: string;
  stream: boolean;
  stream_options?: { include_usage?: boolean };
  messages: { role: string; content: string }[];
}

/** An OpenAI-compatible server whose answers the test writes: `answer`, or trouble through the other fields. */
export class FakeAi {
  answer: (asked: string) => string = (asked) => `You said ${asked}`;
  wordMs = 0;
  imageMs = 1;
  /** Called before a picture is answered; a test may keep it waiting. */
  onImage: (prompt: string) => Promise<void> = async () => undefined;
  status = 200;
  breakAfterWords = Number.POSITIVE_INFINITY;
  readonly requests: { path: string; body: ChatRequest & { prompt?: string } }[] = [];
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }
  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = text === '' ? {} : JSON.parse(text);
    this.requests.push({ path: request.url ?? '', body });
    if (this.status !== 200) {
      response.writeHead(this.status, { 'content-type': 'application/json' });
      response.end('{"error":{"message":"no"}}');
    } else if (request.url === '/v1/models') response.end('{"data":[]}');
    else if (request.url === '/v1/images/generations') await this.image(body, response);
    else await this.chat(body, response);
  }

  private async image(body: { prompt: string }, response: ServerResponse): Promise<void> {
    await this.onImage(body.prompt);
    await pause(this.imageMs);
    const picture = png(2, 2, () => [1, 2, 3]).toString('base64');
    response.end(JSON.stringify({ data: [{ b64_json: picture }] }));
  }

  private async chat(body: ChatRequest, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const words = this.answer(body.messages.at(-1)?.content ?? '').split(/(?<=\s)/);
    for (const [index, word] of words.entries()) {
      if (response.destroyed) return;
      if (index >= this.breakAfterWords) return void response.destroy();
      send(response, { choices: [{ delta: { content: word } }] });
      if (this.wordMs > 0) await pause(this.wordMs, undefined, { ref: false });
    }
    const usage = { prompt_tokens: 10, completion_tokens: words.length };
    if (body.stream_options?.include_usage) send(response, { choices: [], usage });
    response.end('data: [DONE]\n\n');
  }
}

function send(response: ServerResponse, chunk: object): void {
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}
