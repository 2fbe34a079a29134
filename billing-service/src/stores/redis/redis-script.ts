import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';

/** A Lua script beside this file. */
export class RedisScript {
  readonly #text: string;
  readonly #sha: string;

  constructor(file: string) {
    this.#text = readFileSync(new URL(file, import.meta.url), 'utf8');
    this.#sha = createHash('sha1').update(this.#text).digest('hex');
  }

  /** A server that was restarted, or never saw the script, is sent its text, once. */
  async run<Reply>(redis: Redis | Cluster, keys: string[], args: (number | Buffer)[]): Promise<Reply> {
    try {
      return (await redis.evalsha(this.#sha, keys.length, ...keys, ...args)) as Reply;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(this.#text, keys.length, ...keys, ...args)) as Reply;
    }
  }

  /** Ahead of the first requests: else each of them would be sent the text. */
  load(node: Redis): void {
    const load = () => node.script('LOAD', this.#text).catch(() => {});
    node.on('ready', load);
    if (node.status === 'ready') void load();
  }
}
