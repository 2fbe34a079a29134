import type { DeliveryQueue, QueueState } from '../domain/ports/webhook-store.js';

/** What became of one attempt: taken (2xx), refused by another status, or without an answer. */
export type Outcome = 'delivered' | 'refused' | 'unanswered';

/** How often the queues of all endpoints are looked at, for the figures alone: some 1 ms of the database each time. */
const LOOK_EVERY_MS = 15_000;

const NONE: QueueState = { waiting: 0, dueSince: null, failing: 0, givenUp: 0 };

/** What is told of the sending: what this instance has tried, and how all queues stood a moment ago. */
export class DeliveryFigures {
  readonly attempts: Record<Outcome, number> = { delivered: 0, refused: 0, unanswered: 0 };
  state: QueueState = NONE;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  count(status: number | null): void {
    if (status === null) this.attempts.unanswered += 1;
    else if (status >= 200 && status < 300) this.attempts.delivered += 1;
    else this.attempts.refused += 1;
  }

  async look(queue: Pick<DeliveryQueue, 'state'>, nowMs = performance.now()): Promise<void> {
    if (nowMs - this.#lookedAtMs < LOOK_EVERY_MS) return;
    this.#lookedAtMs = nowMs;
    this.state = await queue.state();
  }
}
