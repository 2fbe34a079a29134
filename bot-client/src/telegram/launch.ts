import { setTimeout as pause } from 'node:timers/promises';
import { Telegraf } from 'telegraf';
import { Backoff } from '../../../common/src/backoff.js';
import type { Log } from '../log.js';
import { faultOf } from './telegram-api.js';
import type { TgUpdate, TgUser } from './types.js';

/** Telegram leaves `chat_member` out unless it is asked for by name. */
export const ALLOWED_UPDATES = [
  'message',
  'callback_query',
  'pre_checkout_query',
  'chat_member',
  'subscription',
] as const;

export interface LaunchOptions {
  token: string;
  apiRoot: string;
  /** Resolves once the update can no longer be lost; only then is it confirmed to Telegram. */
  accept: (update: TgUpdate) => Promise<void>;
  onStart: (bot: TgUser) => void;
  log: Log;
  /** An update that could not be written down must not be confirmed: the process ends, and Telegram sends it again. */
  onLost: (error: unknown) => void;
  /** How long one poll may say nothing at all. */
  pollDeadlineMs?: number;
}

const RETRIES = { firstMs: 500, longestMs: 30_000 };
/** Telegram holds a long poll for 50 s; a connection that says nothing well past that is dead. */
const POLL_DEADLINE_MS = 65_000;
const CALL_DEADLINE_MS = 10_000;

/** Long polling that starts again after network errors, 429 and 409, and ends only when told to, or on a wrong token. */
export class Poller {
  readonly #options: LaunchOptions;
  #current: Telegraf | undefined;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #ended = false;

  constructor(options: LaunchOptions) {
    this.#options = options;
  }

  /** Resolves after `stop`; rejects where the token is refused. */
  run(): Promise<void> {
    this.#running = this.#keepPolling().finally(() => {
      this.#ended = true;
    });
    return this.#running;
  }

  async #keepPolling(): Promise<void> {
    const { log } = this.#options;
    const backoff = new Backoff(RETRIES);
    while (!this.#stopping.signal.aborted) {
      const startedAt = Date.now();
      try {
        await this.#pollOnce();
      } catch (error) {
        const fault = faultOf(error);
        if (fault.code === 401 || fault.code === 404)
          throw new Error('Telegram refuses the token: check TELEGRAM_BOT_TOKEN', { cause: fault });
        const word = fault.code === 409 ? 'another process polls with this token' : fault.description;
        if (Date.now() - startedAt > RETRIES.longestMs) backoff.reset();
        const waitMs = Math.round(backoff.nextMs(fault.retryAfterMs));
        log.warn('polling stopped, will start again', { why: word, code: fault.code, waitMs });
        await pause(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** Resolves when no update is taken any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const again = () => {
      if (this.#ended) return;
      try {
        this.#current?.stop('stop');
      } catch {
        // Between its greeting and its first poll Telegraf cannot be stopped yet.
        setTimeout(again, 50);
      }
    };
    again();
    await this.#running?.catch(() => undefined);
  }

  async #pollOnce(): Promise<void> {
    const { token, apiRoot, onStart, onLost, accept, pollDeadlineMs = POLL_DEADLINE_MS } = this.#options;
    const bot = new Telegraf(token, {
      telegram: { apiRoot, webhookReply: false },
      handlerTimeout: Number.POSITIVE_INFINITY,
    });
    this.#current = bot;
    withDeadline(bot, pollDeadlineMs);
    bot.use((context) => accept(context.update as TgUpdate));
    // Without this a throwing handler ends polling with the update confirmed, and so lost.
    bot.catch((error) => onLost(error));
    // Telegraf knows the kinds of its own time; it passes on any other that is asked for.
    const allowedUpdates = [...ALLOWED_UPDATES] as NonNullable<Telegraf.LaunchOptions['allowedUpdates']>;
    await bot.launch({ allowedUpdates }, () => {
      if (bot.botInfo !== undefined) onStart(bot.botInfo as TgUser);
    });
  }
}

/**
 * Telegraf waits 500 s for any answer; a hung connection must not silence the bot for that long. And when a poll could
 * not be sent, it repeats it silently; here that ends polling, so that `keepPolling` logs it and starts again.
 */
function withDeadline(bot: Telegraf, pollDeadlineMs: number): void {
  const call = bot.telegram.callApi.bind(bot.telegram) as (...args: unknown[]) => Promise<unknown>;
  const limited = (method: string, params: object, options: { signal?: AbortSignal } = {}) => {
    // One controller for both, held by its timer. `AbortSignal.any` holds its sources weakly: after the first garbage
    // collection the timeout among them was gone, and the deadline never came.
    const stop = new AbortController();
    const late = () => stop.abort(new DOMException('Telegram did not answer in time', 'TimeoutError'));
    const timer = setTimeout(late, 'timeout' in params ? pollDeadlineMs : CALL_DEADLINE_MS);
    const stopped = () => stop.abort();
    if (options.signal?.aborted) stopped();
    options.signal?.addEventListener('abort', stopped);
    return call(method, params, { signal: stop.signal })
      .catch((error: Error) => {
        throw error.name === 'FetchError' ? faultOf(error) : error;
      })
      .finally(() => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', stopped);
      });
  };
  Object.assign(bot.telegram, { callApi: limited });
}
