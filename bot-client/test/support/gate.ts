import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between the bot and the service and can stop a call before it arrives, or its answer after it was done. */
export class Gate {
  private held: { path: RegExp; when: 'before' | 'after'; reached: () => void } | undefined;
  private readonly server = createServer((incoming, response) => void this.pass(incoming, response));

  constructor(private readonly target: string) {}

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  /** Resolves when the next such call is there (`before`) or done but not answered (`after`); it then never ends. */
  hold(path: RegExp, when: 'before' | 'after'): Promise<void> {
    return new Promise((reached) => {
      this.held = { path, when, reached };
    });
  }

  private async pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const held = this.held?.path.test(incoming.url ?? '') ? this.held : undefined;
    if (held !== undefined) this.held = undefined;
    if (held?.when === 'before') return held.reached();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method, headers, url } = incoming;
    const onward = request(this.target + url, { method, headers }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      if (held !== undefined) return held.reached();
      response.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(parts));
    });
    onward.on('error', () => response.destroy());
    onward.end(Buffer.concat(chunks));
  }
}
