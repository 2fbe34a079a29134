/** The part of Telegram's objects the bot reads. Names are the Bot API's; members without `?` are always there. */
export interface TgUser {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
}
export interface TgChat {
  id: number;
  type: 'private' | 'group' | 'supergroup' | 'channel';
  username?: string;
}
export interface TgPaid {
  currency: string;
  total_amount: number;
  invoice_payload: string;
  telegram_payment_charge_id: string;
  subscription_expiration_date?: number;
  is_recurring?: boolean;
}
export interface TgMessage {
  message_id: number;
  date: number;
  chat: TgChat;
  from?: TgUser;
  text?: string;
  /** The words below a photo or a file. */
  caption?: string;
  /** The parts of one album have the same. */
  media_group_id?: string;
  /** Set where a channel or an anonymous admin speaks: `from` is then a stand-in. */
  sender_chat?: TgChat;
  is_automatic_forward?: boolean;
  entities?: { type: string; offset: number; length: number }[];
  message_thread_id?: number;
  is_topic_message?: boolean;
  reply_to_message?: TgMessage;
  successful_payment?: TgPaid;
  refunded_payment?: TgPaid;
}
export interface TgCallback {
  id: string;
  from: TgUser;
  message?: TgMessage;
  data?: string;
}
export interface TgPreCheckout {
  id: string;
  from: TgUser;
  currency: string;
  total_amount: number;
  invoice_payload: string;
}
export interface TgMemberChange {
  chat: TgChat;
  new_chat_member: { status: string; is_member?: boolean; user: TgUser };
}
/** The other end of a movement of Stars; only users pay and are paid back. */
export interface TgTransactionPartner {
  type: string;
  transaction_type?: string;
  user?: TgUser;
  invoice_payload?: string;
  subscription_period?: number;
}
/** A refund has the id of what it gives back, and a receiver. */
export interface TgStarTransaction {
  id: string;
  amount: number;
  date: number;
  source?: TgTransactionPartner;
  receiver?: TgTransactionPartner;
}
/** A subscription changed without a payment: its user ended or resumed it, or Telegram could not charge. */
export interface TgSubscriptionChange {
  user: TgUser;
  invoice_payload: string;
  state: 'canceled' | 'active' | 'failed';
}
export interface TgUpdate {
  update_id: number;
  message?: TgMessage;
  callback_query?: TgCallback;
  pre_checkout_query?: TgPreCheckout;
  chat_member?: TgMemberChange;
  subscription?: TgSubscriptionChange;
}
export type Button = { text: string; callback_data: string } | { text: string; url: string };
export type Keyboard = Button[][];
