import type { Clock } from '../domain/ports/clock.js';
import type { DeliveryQueue, Due, Tried } from '../domain/ports/webhook-store.js';
import { sign } from '../domain/webhooks/sign.js';
import { DeliveryFigures } from './delivery-figures.js';
import type { Posted } from './post-webhook.js';

export interface DeliverOptions {
  queue: DeliveryQueue;
  clock: Clock;
  post(url: string, body: string, headers: Record<string, string>, signal: AbortSignal): Promise<Posted>;
  onError(error: unknown): void;
}

/** What one endpoint may have in flight, and all together. */
const MAX_OF_ONE = 8;
const MAX_OF_ALL = 64;
/** How soon an event that was told, or a time that has come, is seen. */
const LOOK_MS = 500;
const AFTER_FAILURE_MS = 2_000;

interface Work {
  inFlight: Set<number>;
  /** Not written yet. */
  tried: Tried[];
}

/**
 * Works the queues that this instance holds: fills them from the events, sends what is due, writes what came of it. All
 * statements go one after another, so that it never takes more than one connection.
 */
export class DeliverWebhooks {
  readonly figures = new DeliveryFigures();
  readonly #options: DeliverOptions;
  readonly #works = new Map<string, Work>();
  #cut = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #stopped = false;
  #inFlight = 0;

  constructor(options: DeliverOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  start(): void {
    this.#running = this.#loop();
  }

  /** What is in flight is cut, and tried again by whoever comes next; what has an answer is written. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cut.abort();
    this.#wake?.();
    await this.#running;
    try {
      await this.#write();
      await this.#options.queue.release();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      const rest = await this.#turn().catch((error) => {
        this.#options.onError(error);
        return AFTER_FAILURE_MS;
      });
      if (rest > 0 && !this.#stopped) await this.#sleep(rest);
    }
  }

  /** Returns how long to rest, unless an answer comes. */
  async #turn(): Promise<number> {
    const { queue } = this.#options;
    const held = await queue.lease();
    for (const id of held) if (!this.#works.has(id)) this.#works.set(id, { inFlight: new Set(), tried: [] });
    for (const [id, work] of this.#works) {
      if (!held.includes(id) && work.inFlight.size === 0) this.#works.delete(id);
    }
    await this.#write();
    let isMore = false;
    for (const id of held) isMore = (await queue.fill(id)) || isMore;
    if (this.#stopped) return 0;
    await this.#sendDue(held);
    await this.figures.look(queue);
    return isMore || this.#hasTried() ? 0 : LOOK_MS;
  }

  async #write(): Promise<void> {
    for (const [id, work] of this.#works) {
      if (work.tried.length === 0) continue;
      const tried = work.tried;
      await this.#options.queue.finish(id, tried);
      work.tried = work.tried.filter((one) => !tried.includes(one));
      for (const one of tried) work.inFlight.delete(one.id);
    }
  }

  async #sendDue(held: readonly string[]): Promise<void> {
    let left = MAX_OF_ALL - this.#inFlight;
    const rooms = [];
    // From anywhere, so that the first of many is not always the same.
    const from = Math.floor(Math.random() * held.length);
    for (const webhookId of [...held.slice(from), ...held.slice(0, from)]) {
      const inFlight = [...(this.#works.get(webhookId)?.inFlight ?? [])];
      const room = Math.min(MAX_OF_ONE - inFlight.length, left);
      if (room <= 0) continue;
      left -= room;
      rooms.push({ webhookId, room, inFlight });
    }
    if (rooms.length === 0) return;
    for (const due of await this.#options.queue.due(rooms)) void this.#send(due);
  }

  async #send(due: Due): Promise<void> {
    const work = this.#works.get(due.webhookId);
    if (!work || this.#stopped) return;
    work.inFlight.add(due.id);
    this.#inFlight += 1;
    const startedMs = performance.now();
    const at = this.#options.clock.now();
    try {
      const { status, body, retryAfterMs } = await this.#post(due);
      const ms = Math.round(performance.now() - startedMs);
      this.figures.count(status);
      work.tried.push({ id: due.id, attempt: { at, status, ms, body }, retryAfterMs });
    } catch {
      // Cut by our own end: no attempt.
      work.inFlight.delete(due.id);
    } finally {
      this.#inFlight -= 1;
      this.#wake?.();
    }
  }

  async #post({ url, body, eventId, secrets }: Due): Promise<Posted> {
    if (body === null) return { status: null, body: 'the event is not kept any more', retryAfterMs: null };
    // The wall clock's: a receiver compares it with its own.
    const headers = sign(eventId, body, secrets, Date.now());
    return this.#options.post(url, body, headers, this.#cut.signal);
  }

  #hasTried(): boolean {
    return [...this.#works.values()].some(({ tried }) => tried.length > 0);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms).unref();
      const wake = () => done();
      function done() {
        clearTimeout(timer);
        resolve();
      }
      this.#wake = wake;
    });
  }
}
