import { badRequest, TelegramRefusal } from './refusal.js';
import type { Params } from './types.js';

type Kind = 'int' | 'string' | 'bool' | 'chat' | 'object' | 'array' | 'file' | 'any';

const message = 'message_thread_id:int reply_parameters:object reply_markup:object disable_notification:bool';
const invoice =
  'title!:string description!:string payload!:string currency!:string prices!:array provider_token:string';

/** Every method the server knows: `name!:kind` is required. Anything else is refused, stricter than Telegram, which ignores it. */
const METHODS: Record<string, string> = {
  getMe: '',
  getUpdates: 'offset:int limit:int timeout:int allowed_updates:array',
  setWebhook:
    'url!:string secret_token:string allowed_updates:array drop_pending_updates:bool max_connections:int ip_address:string certificate:file',
  deleteWebhook: 'drop_pending_updates:bool',
  getWebhookInfo: '',
  sendMessage: `chat_id!:chat text!:string parse_mode:string link_preview_options:object ${message}`,
  editMessageText:
    'chat_id!:chat message_id!:int text!:string parse_mode:string link_preview_options:object reply_markup:object',
  editMessageReplyMarkup: 'chat_id!:chat message_id!:int reply_markup:object',
  deleteMessage: 'chat_id!:chat message_id!:int',
  sendPhoto: `chat_id!:chat photo!:any caption:string parse_mode:string ${message}`,
  sendDocument: `chat_id!:chat document!:any caption:string parse_mode:string ${message}`,
  sendChatAction: 'chat_id!:chat action!:string message_thread_id:int',
  sendMessageDraft: 'chat_id!:int draft_id!:int text:string parse_mode:string message_thread_id:int',
  answerCallbackQuery: 'callback_query_id!:string text:string show_alert:bool url:string cache_time:int',
  setMyCommands: 'commands!:array scope:object language_code:string',
  getChatMember: 'chat_id!:chat user_id!:int',
  getChat: 'chat_id!:chat',
  sendInvoice: `chat_id!:chat ${invoice} start_parameter:string ${message}`,
  createInvoiceLink: `${invoice} subscription_period:int`,
  answerPreCheckoutQuery: 'pre_checkout_query_id!:string ok!:bool error_message:string',
  getStarTransactions: 'offset:int limit:int',
  editUserStarSubscription: 'user_id!:int telegram_payment_charge_id!:string is_canceled!:bool',
  refundStarPayment: 'user_id!:int telegram_payment_charge_id!:string',
};

/** Throws Telegram's refusal unless the method exists and its parameters have their names and types. */
export function checkParameters(method: string, params: Params): void {
  const spec = METHODS[method];
  if (spec === undefined) throw new TelegramRefusal(404, 'Not Found');
  const known = new Map<string, Kind>();
  for (const item of spec.split(' ').filter(Boolean)) {
    const [name = '', kind = 'any'] = item.split(':');
    const bare = name.replace('!', '');
    known.set(bare, kind as Kind);
    if (name.endsWith('!') && params[bare] === undefined) throw badRequest(`parameter "${bare}" is required`);
  }
  for (const [name, value] of Object.entries(params)) {
    const kind = known.get(name);
    if (kind === undefined) throw badRequest(`unknown parameter "${name}" of ${method}`);
    if (!fits(kind, value)) throw badRequest(`parameter "${name}" must be ${kind}`);
  }
}

function fits(kind: Kind, value: unknown): boolean {
  if (kind === 'any') return true;
  if (kind === 'int') return Number.isSafeInteger(value);
  if (kind === 'bool') return typeof value === 'boolean';
  if (kind === 'string') return typeof value === 'string' && !/\p{Surrogate}/u.test(value);
  if (kind === 'chat')
    return Number.isSafeInteger(value) || (typeof value === 'string' && /^@\w+$/.test(value));
  if (kind === 'array') return Array.isArray(value);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
