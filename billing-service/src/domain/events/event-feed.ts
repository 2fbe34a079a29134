import { cursorOf } from '../page.js';
import type { EventPage, EventStore } from '../ports/event-store.js';
import type { Patience } from '../ports/patience.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import { EVENT_TYPES, type StoredEvent } from './event.js';
import type { EventNews } from './event-news.js';

export interface FeedQuery {
  after?: string | undefined;
  /** With commas. */
  types?: string | undefined;
  user?: string | undefined;
  limit: number;
  /** For so long, until there is one. */
  waitMs: number;
}

export interface FeedPage {
  items: StoredEvent[];
  nextCursor: string;
}

interface FeedCalls {
  users: Pick<UserStore, 'find'>;
  events: EventStore;
  news: EventNews;
}

const cursor = cursorOf<number>('events', String, (text) => (/^\d{1,15}$/.test(text) ? Number(text) : null));
const notOurs = () =>
  refuse({ kind: 'invalid', errors: [{ field: 'after', message: 'is not a cursor that this feed gave' }] });

/** Where few events are of the types asked for, so long is looked for them; the cursor has come further then. */
const LOOK_MS = 2_000;

/**
 * Oldest first. Waits without a connection: what is waited for is one figure that the process looks up for all.
 * Refusals: invalid, cursor_expired.
 */
export async function readFeed(
  calls: FeedCalls,
  { after: text, types: list, user, limit, waitMs }: FeedQuery,
  patience: Patience,
): Promise<Result<FeedPage>> {
  const types = list?.split(',');
  if (types?.some((type) => !(EVENT_TYPES as readonly string[]).includes(type)))
    return refuse({ kind: 'invalid', errors: [{ field: 'types', message: TYPES_RULE }] });
  let after = text === undefined ? null : cursor.decode(text);
  if (text !== undefined && after === null) return notOurs();
  const startedMs = performance.now();
  const untilMs = startedMs + waitMs;
  // Nobody's events are read where nobody has this name yet; the wait is for the user to come.
  const userId = user === undefined ? undefined : ((await calls.users.find(user))?.userId ?? 0);
  for (;;) {
    const page = await calls.events.page({ after, types, userId, limit });
    if (after !== null && after > page.last) return notOurs();
    if (after !== null && after < page.dropped) return refuse({ kind: 'cursor_expired' });
    after = page.through;
    const isAtEnd = page.through >= page.last;
    const isDone = page.events.length > 0 || (isAtEnd ? !canWait(untilMs, patience) : isTooLong(startedMs));
    if (isDone) return accept(answerOf(page));
    const isNews = () => calls.news.wait(page.last, { types, userId }, untilMs, patience);
    if (isAtEnd && !(await isNews())) return accept(answerOf(page));
  }
}

const TYPES_RULE = `must be one or more of ${EVENT_TYPES.join(', ')}, with commas between`;
const canWait = (untilMs: number, patience: Patience) => performance.now() < untilMs && !patience.isOver();
const isTooLong = (startedMs: number) => performance.now() - startedMs > LOOK_MS;

const answerOf = ({ events, through }: EventPage): FeedPage => ({
  items: events,
  nextCursor: cursor.encode(through),
});
