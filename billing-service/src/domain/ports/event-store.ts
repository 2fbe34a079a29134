import type { StoredEvent } from '../events/event.js';

export interface EventPage {
  events: StoredEvent[];
  /** Up to here all that was asked for is among `events`. */
  through: number;
  /** The last event that there is, or was. */
  last: number;
  /** Up to here they have been dropped. */
  dropped: number;
}

/** What an event is told by without being read. */
export interface EventHead {
  position: number;
  type: string;
  /** Null: nobody's. */
  userId: number | null;
}

export interface EventStore {
  /** Oldest first, after a place (null: the oldest that is kept). May find none and still come further. */
  page(wish: {
    after: number | null;
    types?: readonly string[] | undefined;
    userId?: number | undefined;
    limit: number;
  }): Promise<EventPage>;
  /** Tells the place of the last event. */
  last(): Promise<number>;
  /** The oldest after a place. */
  heads(after: number, limit: number): Promise<EventHead[]>;
}
