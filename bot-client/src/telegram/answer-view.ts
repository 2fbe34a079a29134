import type { ChatView } from './chat-view.js';
import type { DraftSupport } from './draft-support.js';
import { splitAnswer } from './split-answer.js';
import { TelegramFault } from './telegram-api.js';
import type { Keyboard } from './types.js';

export interface AnswerOptions {
  isPrivate: boolean;
  drafts: DraftSupport;
  waiting: string;
  stop: Keyboard;
  draftId: number;
  /** How often a draft is shown again while nothing new comes. */
  renewMs?: number;
}

const DRAFT_EVERY_MS = 400;
/** Telegram lets a draft vanish after 30 s; a model may think for longer between two words. */
const DRAFT_RENEW_MS = 15_000;
/** About one change a second is polite in a private chat; a group allows twenty messages a minute. */
const EDIT_EVERY_MS = { private: 1_200, group: 3_500 };
/** Visible characters of one message, with room below Telegram's 4096 for the line of costs. */
const MOST_CHARACTERS = 3_800;

/**
 * An answer as it grows. First a message with the Stop button; the text streams into a draft if Telegram knows drafts,
 * otherwise into that message. Errors while streaming are ignored: only `finish` has to succeed.
 */
export class AnswerView {
  readonly #view: ChatView;
  readonly #options: AnswerOptions;
  #messageId: number | undefined;
  #shown = '';
  #latest = '';
  #timer: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #ended = false;
  #busy: Promise<void> = Promise.resolve();
  #notBeforeMs = 0;

  constructor(view: ChatView, options: AnswerOptions) {
    this.#view = view;
    this.#options = options;
  }

  async begin(): Promise<void> {
    this.#messageId = (await this.#view.say(this.#options.waiting, this.#options.stop)).message_id;
  }

  /** The whole text so far; shown when its time comes. */
  show(text: string): void {
    this.#latest = text;
    if (this.#timer === undefined) this.#schedule();
  }

  /** Delivers the whole answer; when this resolves the user has it. `footer` and `keyboard` end the last message. */
  async finish(text: string, footer: string, keyboard: Keyboard): Promise<void> {
    await this.#quiet();
    const parts = splitAnswer(text, MOST_CHARACTERS);
    const last = parts.length - 1;
    for (const [index, part] of parts.entries()) {
      const whole = index === last && footer !== '' ? `${part}\n\n${footer}` : part;
      await this.#deliver(whole, index === last ? keyboard : undefined, index === 0);
    }
    if (this.#drafting && this.#messageId !== undefined) await this.#view.remove(this.#messageId);
  }

  /** Ends without an answer: what was shown of it is replaced by `text`. */
  async replaceBy(text: string, keyboard?: Keyboard): Promise<void> {
    await this.#quiet();
    if (this.#messageId === undefined) await this.#view.say(text, keyboard);
    else await this.#editOrSend(text, keyboard, (id) => this.#view.edit(id, text, keyboard));
  }

  get #drafting(): boolean {
    return this.#options.isPrivate && this.#options.drafts.works(this.#view.place.chatId);
  }

  async #deliver(text: string, keyboard: Keyboard | undefined, first: boolean): Promise<void> {
    const id = this.#messageId;
    if (!first || this.#drafting || id === undefined) await this.#view.sayMarkdown(text, keyboard);
    else await this.#editOrSend(text, keyboard, (to) => this.#editSurely(to, text, keyboard));
  }

  /** An edit can be repeated without harm, so a lost reply need not leave its delivery unknown. */
  async #editSurely(id: number, text: string, keyboard: Keyboard | undefined): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#view.editMarkdown(id, text, keyboard);
      } catch (error) {
        if (!(error instanceof TelegramFault) || error.code !== 0 || attempt >= 3) throw error;
      }
    }
  }

  async #editOrSend(
    text: string,
    keyboard: Keyboard | undefined,
    edit: (id: number) => Promise<void>,
  ): Promise<void> {
    try {
      await edit(this.#messageId as number);
    } catch (error) {
      // Someone deleted it meanwhile.
      if (!(error instanceof TelegramFault) || error.code !== 400) throw error;
      await this.#view.sayMarkdown(text, keyboard);
    }
  }

  /** The next due time is set only when this edit was answered: words that come meanwhile must not find an old one. */
  #schedule(): void {
    const waitMs = Math.max(0, this.#notBeforeMs - Date.now());
    const timer = setTimeout(() => {
      const seen = this.#latest;
      // Behind a renewal that is under way: an older text must not come last.
      this.#busy = this.#busy
        .then(() => this.#refresh())
        .then(() => {
          if (this.#timer !== timer) return;
          this.#timer = undefined;
          if (this.#latest !== seen) this.#schedule();
        });
    }, waitMs);
    this.#timer = timer;
  }

  async #refresh(): Promise<void> {
    // While it grows only the end is shown where it would not fit.
    const text = splitAnswer(this.#latest, MOST_CHARACTERS).at(-1) ?? '';
    if (text === '' || text === this.#shown) return;
    this.#shown = text;
    try {
      if (this.#drafting) await this.#draft(text);
      else if (this.#messageId !== undefined)
        await this.#view.editMarkdown(this.#messageId, `${text} ▌`, this.#options.stop, 0);
    } catch (error) {
      if (!(error instanceof TelegramFault)) throw error;
      this.#notBeforeMs = Date.now() + (error.retryAfterMs ?? 2_000);
      return;
    }
    const everyMs = this.#options.isPrivate ? EDIT_EVERY_MS.private : EDIT_EVERY_MS.group;
    this.#notBeforeMs = Date.now() + (this.#drafting ? DRAFT_EVERY_MS : everyMs);
  }

  async #draft(text: string): Promise<void> {
    clearTimeout(this.#renewal);
    try {
      await this.#view.draft(this.#options.draftId, text);
    } catch (error) {
      if (error instanceof TelegramFault && (error.code === 400 || error.code === 404))
        this.#options.drafts.refused(this.#view.place.chatId, error.code);
      throw error;
    }
    if (this.#ended) return;
    this.#renewal = setTimeout(() => {
      // What comes meanwhile is newer, and renews it by itself.
      if (this.#timer === undefined) this.#busy = this.#draft(text).catch(() => undefined);
    }, this.#options.renewMs ?? DRAFT_RENEW_MS);
  }

  async #quiet(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#renewal);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#busy;
  }
}
