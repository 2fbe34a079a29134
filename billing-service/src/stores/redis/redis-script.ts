import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Cluster, Command, type Redis } from 'ioredis';

/** A Lua script next to this file. */
export class RedisScript {
  readonly #text: string;
  readonly #sha: string;

  constructor(file: string) {
    this.#text = readFileSync(new URL(file, import.meta.url), 'utf8');
    this.#sha = createHash('sha1').update(this.#text).digest('hex');
  }

  /**
   * A server that was restarted, or never saw the script, is sent its text, once. Texts in the reply are strings, or
   * buffers if it is `packed`.
   */
  async run<Reply>(
    redis: Redis | Cluster,
    keys: string[],
    args: (number | Buffer)[],
    packed = false,
  ): Promise<Reply> {
    const send = (name: 'evalsha' | 'eval', script: string) =>
      redis.sendCommand(
        new Command(name, [script, keys.length, ...keys, ...args], {
          replyEncoding: packed ? null : 'utf8',
          keyPrefix: redis.options.keyPrefix ?? '',
        }),
      ) as Promise<Reply>;
    try {
      return await send('evalsha', this.#sha);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await send('eval', this.#text);
    }
  }

  /** Before the first requests, or each of them would send the text. */
  load(node: Redis): void {
    const load = () => node.script('LOAD', this.#text).catch(() => {});
    node.on('ready', load);
    if (node.status === 'ready') void load();
  }
}
