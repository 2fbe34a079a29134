/** A refusal as Telegram words it: becomes `{ok:false, error_code, description, parameters?}`. */
export class TelegramRefusal extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly retryAfterSeconds?: number,
    readonly migrateToChatId?: number,
  ) {
    super(`${code}: ${description}`);
  }
}

export const badRequest = (why: string) => new TelegramRefusal(400, `Bad Request: ${why}`);
export const forbidden = (why: string) => new TelegramRefusal(403, `Forbidden: ${why}`);
