import { Telegram, TelegramError } from 'telegraf';
import { Backoff } from '../../../common/src/backoff.js';

/** What Telegram refused, or that it did not answer (`code` 0: whether it acted is unknown). */
export class TelegramFault extends Error {
  override readonly name = 'TelegramFault';
  constructor(
    readonly code: number,
    readonly description: string,
    readonly retryAfterMs: number | undefined,
    /** True where the request certainly never arrived. */
    readonly neverSent: boolean,
    /** The id of the supergroup that this group has become. */
    readonly migratedTo?: number,
  ) {
    super(`${code}: ${description}`);
  }
  says(words: string): boolean {
    return this.description.toLowerCase().includes(words.toLowerCase());
  }
}

export interface CallPolicy {
  deadlineMs?: number;
  /** How long 429s and connection failures may be waited out; 0: at once or not at all. */
  patienceMs?: number;
  signal?: AbortSignal;
}

const DEADLINE_MS = 20_000;
const RETRIES = { firstMs: 500, longestMs: 10_000, patienceMs: 60_000 };
const NEVER_SENT = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/;

/**
 * The Bot API, one method: `call`. Obeys `retry_after`, repeats what certainly never arrived, and repeats nothing else:
 * a send whose answer was lost may have been seen.
 */
export class TelegramApi {
  readonly #telegram: Telegram;

  readonly #onFault: (code: number) => void;

  constructor(token: string, apiRoot: string, onFault: (code: number) => void = () => {}) {
    this.#onFault = onFault;
    this.#telegram = new Telegram(token, { apiRoot, webhookReply: false });
  }

  async call<T = unknown>(method: string, params: object = {}, policy: CallPolicy = {}): Promise<T> {
    const backoff = new Backoff({ ...RETRIES, patienceMs: policy.patienceMs ?? RETRIES.patienceMs });
    for (;;) {
      try {
        return await this.#attempt<T>(method, params, policy);
      } catch (error) {
        const fault = faultOf(error);
        this.#onFault(fault.code);
        const again = fault.code === 429 || fault.neverSent;
        if (!again || !(await backoff.wait(fault.retryAfterMs, policy.signal))) throw fault;
      }
    }
  }

  async #attempt<T>(method: string, params: object, policy: CallPolicy): Promise<T> {
    const deadline = AbortSignal.timeout(policy.deadlineMs ?? DEADLINE_MS);
    // Telegraf types only the methods of its own time (Bot API 7.1); newer ones go through the same door.
    const callApi = this.#telegram.callApi.bind(this.#telegram) as unknown as (
      method: string,
      params: object,
      options: { signal: AbortSignal },
    ) => Promise<T>;
    return await callApi(method, { ...params }, { signal: deadline });
  }
}

/** Anything that a call threw, as a fault. The token never gets into one. */
export function faultOf(error: unknown): TelegramFault {
  if (error instanceof TelegramFault) return error;
  if (error instanceof TelegramError) {
    const seconds = error.parameters?.retry_after;
    return new TelegramFault(
      error.code,
      error.description,
      seconds === undefined ? undefined : seconds * 1000,
      false,
      error.parameters?.migrate_to_chat_id,
    );
  }
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  const why = `${code ?? name ?? 'Error'}: ${message ?? ''}`.replace(/\d+:[\w-]{10,}/g, '[token]');
  return new TelegramFault(0, why, undefined, NEVER_SENT.test(why));
}
