import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { Backoff } from '../../../../common/src/backoff.js';
import type { Bus, BusEvent } from '../../domain/ports/bus.js';

const CHANNEL = 'fbx:events';
/** How soon an event that could not be sent is made up for. */
const RETRIES = { firstMs: 250, longestMs: 1000 };
/** How often a silent connection is tested. */
const HEARTBEAT_MS = 5000;

/** A message without an event only says that its sender is alive, and how many it has sent. */
interface Message {
  from: string;
  seq?: number;
  event?: BusEvent;
}

export interface Publisher {
  publish(channel: string, text: string): Promise<unknown>;
}

/**
 * Events over Redis pub/sub, which reaches only those who are listening at that moment. A process that may have missed
 * one hears `{kind: 'all'}`: this process when it listens again, the others when a publish failed and Redis is back.
 * The nodes of a cluster may lose a message without telling either end. So messages are numbered, and each process also
 * listens for its own: a gap, or silence, is noticed at the next heartbeat.
 */
export class RedisBus implements Bus {
  readonly #redis: Publisher;
  readonly #listener: Redis;
  readonly #from = randomUUID();
  readonly #listeners: ((event: BusEvent) => void)[] = [];
  readonly #heartbeat: NodeJS.Timeout;
  readonly #backoff = new Backoff(RETRIES);
  #retry: NodeJS.Timeout | undefined;
  #sent = 0;
  /** The number of the heartbeat that we wait to hear again; 0 if there is none. */
  #beat = 0;
  /** The number of the last message heard, by sender; since this process listens. */
  readonly #heard = new Map<string, number>();
  /** Events before this process listened for the first time are of no interest: its caches were empty. */
  #heardBefore = false;

  /** `redis` sends; `listener` (connectListener) is this bus' own and is closed with it. */
  constructor(redis: Publisher, listener: Redis) {
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
    this.#publish(event).catch(() => {
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.#send({ kind: 'all' });
      }, this.#backoff.nextMs()).unref();
    });
  }

  async #publish(event?: BusEvent): Promise<void> {
    const message: Message = { from: this.#from, seq: ++this.#sent, ...(event ? { event } : {}) };
    await this.#redis.publish(CHANNEL, JSON.stringify(message));
    this.#backoff.reset();
  }

  async #listen(): Promise<void> {
    this.#heard.clear();
    this.#beat = 0;
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
    if (message === undefined) return;
    const { from, seq, event } = message;
    const before = this.#heard.get(from);
    if (seq !== undefined) this.#heard.set(from, Math.max(seq, before ?? 0));
    if (seq !== undefined && before !== undefined && seq > before + 1) this.#deliver({ kind: 'all' });
    else if (event !== undefined && from !== this.#from) this.#deliver(event);
  }

  /** A connection that died silently would leave this process with stale caches for as long as they are valid. */
  async #checkLife(): Promise<void> {
    if (this.#listener.status !== 'ready') return;
    const isDeaf = this.#beat > (this.#heard.get(this.#from) ?? 0);
    const isAlive = !isDeaf && (await succeeds(this.#listener.ping()));
    if (!isAlive) this.#listener.disconnect(true);
    else if (await succeeds(this.#publish())) this.#beat = this.#sent;
  }
}

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** Undefined for what is not ours: anyone who shares this Redis can write to the channel. */
function parseMessage(text: string): Message | undefined {
  try {
    const message = JSON.parse(text) as Partial<Message> | null;
    const isOurs = typeof message?.seq === 'number' || typeof message?.event?.kind === 'string';
    return isOurs && typeof message?.from === 'string' ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}
