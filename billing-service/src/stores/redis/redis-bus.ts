import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Bus, BusEvent } from '../stores.js';

const CHANNEL = 'fbx:events';
/** How soon an event that could not be sent is made good, and how often a silent connection is asked for life. */
const RETRY_MS = 1000;
const HEARTBEAT_MS = 5000;

interface Message {
  from: string;
  event: BusEvent;
}

/** Events over Redis pub/sub, which delivers to who is listening and to nobody later. So whoever may have missed one
 * hears `{kind: 'all'}`: this process when it listens again, the others when a publish failed and Redis is back. */
export class RedisBus implements Bus {
  readonly #redis: Redis;
  readonly #listener: Redis;
  readonly #from = randomUUID();
  readonly #listeners: ((event: BusEvent) => void)[] = [];
  readonly #heartbeat: NodeJS.Timeout;
  #retry: NodeJS.Timeout | undefined;
  /** Events before this process listened for the first time are of no interest: its caches were empty. */
  #heardBefore = false;

  /** `redis` sends; `listener` (connectListener) is this bus' own and is closed with it. */
  constructor(redis: Redis, listener: Redis) {
    this.#redis = redis;
    this.#listener = listener;
    listener.on('message', (_channel: string, text: string) => this.#receive(text));
    listener.on('ready', () => void this.#listen());
    listener.on('close', () => {
      this.#heardBefore = true;
    });
    if (listener.status === 'ready') void this.#listen();
    this.#heartbeat = setInterval(() => void this.#checkLife(), HEARTBEAT_MS).unref();
  }

  publish(event: BusEvent): void {
    this.#deliver(event);
    this.#send(event);
  }

  subscribe(listener: (event: BusEvent) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#retry);
    this.#listener.disconnect();
  }

  #deliver(event: BusEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #send(event: BusEvent): void {
    const message: Message = { from: this.#from, event };
    this.#redis.publish(CHANNEL, JSON.stringify(message)).catch(() => {
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.#send({ kind: 'all' });
      }, RETRY_MS).unref();
    });
  }

  async #listen(): Promise<void> {
    try {
      await this.#listener.subscribe(CHANNEL);
      if (this.#heardBefore) this.#deliver({ kind: 'all' });
      this.#heardBefore = true;
    } catch {
      this.#listener.disconnect(true);
    }
  }

  #receive(text: string): void {
    const message = parseMessage(text);
    if (message !== undefined && message.from !== this.#from) this.#deliver(message.event);
  }

  /** A connection that died without a word would leave this process with stale caches for as long as they live. */
  async #checkLife(): Promise<void> {
    if (this.#listener.status !== 'ready') return;
    try {
      await this.#listener.ping();
    } catch {
      this.#listener.disconnect(true);
    }
  }
}

/** Undefined for what is not ours: the channel is open to whoever shares this Redis. */
function parseMessage(text: string): Message | undefined {
  try {
    const message = JSON.parse(text) as Partial<Message> | null;
    return typeof message?.event?.kind === 'string' ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}
