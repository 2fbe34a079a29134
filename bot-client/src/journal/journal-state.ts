import type { WorkRecord } from '../billing/work-log.js';

/** A call that must reach the service, no matter how long that takes: money was taken or given back. */
export interface OutboxItem {
  id: string;
  kind: 'payment' | 'payment-refund' | 'channel';
  user: string;
  chatId: number;
  /** What their Telegram was set to. */
  lang?: string | undefined;
  body: Record<string, unknown>;
  /** What the user has been told of it so far. */
  told?: 'late' | 'refused';
}
/** What a person chose; kept here because it concerns this chat frontend alone. */
export interface Preferences {
  lang?: 'en' | 'ru';
  hideCostLine?: boolean;
}
/** A request a person may want again: after an upgrade, a failure, or by the Retry button. */
export interface KeptPrompt {
  id: string;
  user: string;
  kind: 'chat' | 'image';
  text: string;
  /** The update it came with, and how often it was tried: together the idempotency key of the next try. */
  updateId: number;
  attempts: number;
  /** It was refused for want of tokens or rate: offered again after a payment. */
  refused?: boolean;
}
/** How far Telegram's list of Stars has been compared: so many transactions, and which was the last of them. */
export interface StarsMark {
  count: number;
  id: string;
  date: number;
}
/** A plan that Telegram charges for every 30 days, as far as the bot was told. */
export interface Subscription {
  user: string;
  tier: string;
  /** Of its last payment: by it Telegram knows the subscription. */
  chargeId: string;
  until: string;
  /** `ended`: by the bot, which may resume it. `canceled`: by the user, who alone may. */
  state: 'active' | 'ended' | 'canceled' | 'failed';
}
export interface RawUpdate {
  update_id: number;
  [kind: string]: unknown;
}

export type Entry =
  | { t: 'accepted'; update: RawUpdate }
  | { t: 'done'; id: number }
  | { t: 'seen'; ids: number[] }
  | { t: 'planned'; record: WorkRecord; updateId?: number }
  | { t: 'reserved'; key: string; reservationId: string }
  | { t: 'delivered'; key: string; cost: number }
  | { t: 'settled'; key: string }
  /** `errand`: so journals on disk call it. */
  | { t: 'owed'; errand: OutboxItem; updateId?: number }
  | { t: 'told'; id: string; what: 'late' | 'refused' }
  | { t: 'paid'; id: string }
  | { t: 'compared'; mark: StarsMark }
  | { t: 'subscribed'; subscription: Subscription }
  | { t: 'prefers'; user: string; preferences: Preferences }
  | { t: 'kept'; prompt: KeptPrompt }
  | { t: 'forgotten'; user: string };

const SEEN_UPDATES = 10_000;
const KEPT_SUBSCRIPTIONS = 200_000;
const KEPT_PROMPTS = 2_000;
const KEPT_PREFERENCES = 200_000;

/** What the journal's lines add up to. Pure: a line in, the state changed. */
export class JournalState {
  readonly accepted = new Map<number, RawUpdate>();
  readonly seen = new Set<number>();
  readonly works = new Map<string, WorkRecord>();
  readonly outbox = new Map<string, OutboxItem>();
  readonly preferences = new Map<string, Preferences>();
  readonly prompts = new Map<string, KeptPrompt>();
  readonly subscriptions = new Map<string, Subscription>();
  starsMark: StarsMark | undefined;

  apply(entry: Entry): void {
    switch (entry.t) {
      case 'accepted':
        this.accepted.set(entry.update.update_id, entry.update);
        this.#see(entry.update.update_id);
        return;
      case 'done':
        this.accepted.delete(entry.id);
        return;
      case 'seen':
        for (const id of entry.ids) this.#see(id);
        return;
      case 'owed':
        this.outbox.set(entry.errand.id, entry.errand);
        this.#takenOver(entry.updateId);
        return;
      case 'told': {
        const item = this.outbox.get(entry.id);
        if (item !== undefined) this.outbox.set(entry.id, { ...item, told: entry.what });
        return;
      }
      case 'paid':
        this.outbox.delete(entry.id);
        return;
      case 'compared':
        this.starsMark = entry.mark;
        return;
      case 'subscribed': {
        const { user, tier } = entry.subscription;
        put(this.subscriptions, `${user} ${tier}`, entry.subscription, KEPT_SUBSCRIPTIONS);
        return;
      }
      case 'prefers':
        put(this.preferences, entry.user, entry.preferences, KEPT_PREFERENCES);
        return;
      case 'kept':
        put(this.prompts, entry.prompt.id, entry.prompt, KEPT_PROMPTS);
        return;
      case 'forgotten':
        for (const prompt of this.prompts.values())
          if (prompt.user === entry.user) this.prompts.delete(prompt.id);
        return;
      default:
        this.#applyWork(entry);
    }
  }

  #applyWork(entry: Extract<Entry, { t: 'planned' | 'reserved' | 'delivered' | 'settled' }>): void {
    if (entry.t === 'planned') {
      this.works.set(entry.record.key, entry.record);
      // From here the work answers for its update: after a crash it is given back, not begun again.
      this.#takenOver(entry.updateId);
      return;
    }
    const work = this.works.get(entry.key);
    if (work === undefined) return;
    if (entry.t === 'settled') this.works.delete(entry.key);
    else if (entry.t === 'reserved')
      this.works.set(entry.key, { ...work, state: 'reserved', reservationId: entry.reservationId });
    else this.works.set(entry.key, { ...work, state: 'delivered', cost: entry.cost });
  }

  /** The fewest lines that give this state again. */
  snapshot(): Entry[] {
    const lines: Entry[] = [{ t: 'seen', ids: [...this.seen] }];
    for (const update of this.accepted.values()) lines.push({ t: 'accepted', update });
    for (const record of this.works.values()) lines.push({ t: 'planned', record });
    for (const item of this.outbox.values()) lines.push({ t: 'owed', errand: item });
    if (this.starsMark !== undefined) lines.push({ t: 'compared', mark: this.starsMark });
    for (const subscription of this.subscriptions.values()) lines.push({ t: 'subscribed', subscription });
    for (const [user, preferences] of this.preferences) lines.push({ t: 'prefers', user, preferences });
    for (const prompt of this.prompts.values()) lines.push({ t: 'kept', prompt });
    return lines;
  }

  #takenOver(updateId: number | undefined): void {
    if (updateId !== undefined) this.accepted.delete(updateId);
  }

  #see(id: number): void {
    this.seen.add(id);
    if (this.seen.size > SEEN_UPDATES) this.seen.delete(this.seen.values().next().value as number);
  }
}

/** Newest last; beyond `most` the oldest goes. */
function put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value as Key);
}
