import { setTimeout as pause } from 'node:timers/promises';
import { BillingError } from '../billing-error.js';
import type { BillingHttp } from '../billing-http.js';
import type { Answer, Query } from '../types.js';

export type Event = Answer<'readEvents'>['items'][number];

export interface FollowOptions {
  /** Where to go on: the cursor that was kept the last time. Without one: from the oldest event that is kept. */
  after?: string;
  /** Only these. */
  types?: readonly string[];
  /** Ends the reading. */
  signal?: AbortSignal;
}

const WAIT_SECONDS = 25;
/** The service answers after it; the rest is the way. */
const DEADLINE_MS = (WAIT_SECONDS + 10) * 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** What happened to users, in order: scope `events`. */
export class EventCalls {
  constructor(readonly http: BillingHttp) {}

  read(query: Query<'readEvents'> = {}, signal?: AbortSignal): Promise<Answer<'readEvents'>> {
    return this.http.call('GET', '/events', { query, deadlineMs: DEADLINE_MS, ...(signal && { signal }) });
  }

  /**
   * Every event from `after` on, page by page, for ever: waits where there is none, and goes on after trouble. Keep
   * `cursor` when the page's events are done: whoever dies before sees them again, so what is done with an event must bear
   * a second time (its `id` stays). Throws what no time mends, such as `cursor-expired`.
   */
  async *follow({
    after,
    types,
    signal,
  }: FollowOptions = {}): AsyncGenerator<{ events: Event[]; cursor: string }> {
    let cursor = after;
    for (let failures = 0; !signal?.aborted; ) {
      const asked = {
        wait: WAIT_SECONDS,
        ...(cursor === undefined ? {} : { after: cursor }),
        ...(types === undefined ? {} : { types: types.join(',') }),
      };
      try {
        const page = await this.read(asked, signal);
        failures = 0;
        cursor = page.nextCursor;
        if (page.items.length > 0) yield { events: page.items, cursor: page.nextCursor };
      } catch (error) {
        if (!(error instanceof BillingError) || !error.retryable) throw error;
        const ms = Math.min(1_000 * 2 ** failures++, LONGEST_PAUSE_MS);
        await pause(ms, undefined, signal && { signal }).catch(() => undefined);
      }
    }
  }
}
