import { badRequest } from './refusal.js';
import type { Markup } from './types.js';

/** The inline keyboard as given, or Telegram's refusal of it. */
export function checkedMarkup(value: unknown): Markup | undefined {
  if (value === undefined) return undefined;
  const rows = (value as Markup).inline_keyboard;
  // An empty keyboard is how a bot takes the buttons away.
  if (rows === undefined) return value as Markup;
  if (!Array.isArray(rows)) throw badRequest("can't parse inline keyboard");
  for (const button of rows.flat()) {
    if (typeof button.text !== 'string' || button.text === '') throw badRequest('BUTTON_TEXT_EMPTY');
    const actions = [button.callback_data, button.url, button.pay].filter((action) => action !== undefined);
    if (actions.length !== 1) throw badRequest('BUTTON_TYPE_INVALID');
    const bytes = Buffer.byteLength(button.callback_data ?? 'x');
    if (bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID');
    if (button.url !== undefined && !URL.canParse(button.url)) throw badRequest('BUTTON_URL_INVALID');
  }
  return rows.flat().length === 0 ? undefined : { inline_keyboard: rows };
}
