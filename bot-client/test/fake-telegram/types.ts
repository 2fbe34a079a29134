/** The part of Telegram's objects the fake server keeps. Field names are the Bot API's. */
export interface FakeUser {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
}
export interface FakeChat {
  id: number;
  type: 'private' | 'group' | 'supergroup' | 'channel';
  title?: string;
  username?: string;
  permissions?: { can_send_photos?: boolean };
}
export interface Button {
  text: string;
  callback_data?: string;
  url?: string;
  pay?: boolean;
}
export interface Markup {
  inline_keyboard?: Button[][];
}
export interface Invoice {
  title: string;
  description: string;
  payload: string;
  currency: string;
  amount: number;
  subscriptionSeconds?: number;
}
export interface FakeMessage {
  message_id: number;
  date: number;
  chat: FakeChat;
  from: FakeUser;
  text?: string;
  caption?: string;
  photo?: { file_id: string; width: number; height: number; file_unique_id: string }[];
  reply_markup?: Markup;
  message_thread_id?: number;
  is_topic_message?: boolean;
  reply_to_message?: FakeMessage;
  entities?: { type: string; offset: number; length: number }[];
  invoice?: { title: string; description: string; currency: string; total_amount: number };
  [service: string]: unknown;
}
/** A message before it has its number. */
export type NewMessage = { chat: FakeChat; from: FakeUser; text?: string } & Record<string, unknown>;
/** What the server keeps of a message besides what it shows a bot. */
export interface Kept {
  message: FakeMessage;
  raw: string;
  parseMode: string | undefined;
  invoice?: Invoice;
  edits: number;
  deleted: boolean;
}
export interface Update {
  update_id: number;
  [kind: string]: unknown;
}
export interface Uploaded {
  filename: string;
  bytes: Buffer;
}
export type Params = Record<string, unknown>;
