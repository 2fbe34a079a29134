import { join } from 'node:path';
import type { WorkLog, WorkRecord } from '../billing/work-log.js';
import { AppendLog } from './append-log.js';
import {
  type Entry,
  JournalState,
  type KeptPrompt,
  type OutboxItem,
  type Preferences,
  type RawUpdate,
  type StarsMark,
  type Subscription,
} from './journal-state.js';

/**
 * What must survive a crash of the bot: updates accepted and not yet worked, paid work in flight, payments the service
 * has not acknowledged; and also what people chose and the prompts they may want again. Every promise resolves when the
 * fact is on disk.
 */
export class Journal implements WorkLog {
  readonly #log: AppendLog<Entry>;
  readonly #state: JournalState;
  readonly #onFailure: (error: unknown) => void;
  #closed = false;

  private constructor(log: AppendLog<Entry>, state: JournalState, onFailure: (error: unknown) => void) {
    this.#log = log;
    this.#state = state;
    this.#onFailure = onFailure;
  }

  static async open(folder: string, onFailure: (error: unknown) => void = () => undefined): Promise<Journal> {
    const state = new JournalState();
    const replay = (entry: Entry) => state.apply(entry);
    const log = await AppendLog.open<Entry>(join(folder, 'journal.jsonl'), replay, () => state.snapshot(), {
      onFailure,
    });
    return new Journal(log, state, onFailure);
  }

  /** False: this update was accepted before, and its work is done or under way. */
  async accept(update: RawUpdate): Promise<boolean> {
    if (this.#state.seen.has(update.update_id)) return false;
    await this.#write({ t: 'accepted', update });
    return true;
  }
  done(updateId: number): Promise<void> {
    return this.#write({ t: 'done', id: updateId });
  }
  /** Accepted before the last stop and never begun, in the order they came. */
  unfinished(): RawUpdate[] {
    return [...this.#state.accepted.values()];
  }

  planned(record: WorkRecord): Promise<void> {
    const updateId = record.note.updateId;
    return this.#write({ t: 'planned', record, ...(typeof updateId === 'number' ? { updateId } : {}) });
  }
  reserved(key: string, reservationId: string): Promise<void> {
    return this.#write({ t: 'reserved', key, reservationId });
  }
  delivered(key: string, cost: number): Promise<void> {
    return this.#write({ t: 'delivered', key, cost });
  }
  settled(key: string): Promise<void> {
    return this.#write({ t: 'settled', key });
  }
  open(): WorkRecord[] {
    return [...this.#state.works.values()];
  }

  owe(item: OutboxItem, updateId?: number): Promise<void> {
    return this.#write({ t: 'owed', errand: item, ...(updateId === undefined ? {} : { updateId }) });
  }
  paid(id: string): Promise<void> {
    return this.#write({ t: 'paid', id });
  }
  told(id: string, what: 'late' | 'refused'): Promise<void> {
    return this.#write({ t: 'told', id, what });
  }
  outboxItem(id: string): OutboxItem | undefined {
    return this.#state.outbox.get(id);
  }
  /** Oldest first. */
  outboxItems(): OutboxItem[] {
    return [...this.#state.outbox.values()];
  }

  /** Undefined: they were never compared. */
  starsMark(): StarsMark | undefined {
    return this.#state.starsMark;
  }
  compared(mark: StarsMark): Promise<void> {
    return this.#write({ t: 'compared', mark });
  }

  /** Those of a user whose time is not over. */
  subscriptions(user: string): Subscription[] {
    const now = new Date().toISOString();
    return [...this.#state.subscriptions.values()].filter((one) => one.user === user && one.until > now);
  }
  subscribed(subscription: Subscription): Promise<void> {
    return this.#write({ t: 'subscribed', subscription });
  }

  preferences(user: string): Preferences {
    return this.#state.preferences.get(user) ?? {};
  }
  prefer(user: string, change: Preferences): Promise<void> {
    return this.#write({ t: 'prefers', user, preferences: { ...this.preferences(user), ...change } });
  }

  prompt(id: string): KeptPrompt | undefined {
    return this.#state.prompts.get(id);
  }
  keepPrompt(prompt: KeptPrompt): Promise<void> {
    return this.#write({ t: 'kept', prompt });
  }
  /** The newest request of this user that was refused. */
  refusedPrompt(user: string): KeptPrompt | undefined {
    return [...this.#state.prompts.values()].findLast(
      (prompt) => prompt.user === user && prompt.refused === true,
    );
  }
  async forgetPrompts(user: string): Promise<void> {
    await this.#write({ t: 'forgotten', user });
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#log.close();
  }

  #write(entry: Entry): Promise<void> {
    this.#state.apply(entry);
    const written = this.#log.append(entry);
    // A bot that cannot write down what it owes must not go on taking money. After its end nothing is lost that is not
    // written: it was not acknowledged, so the next start does it again.
    written.catch((error) => this.#closed || this.#onFailure(error));
    return written;
  }
}
