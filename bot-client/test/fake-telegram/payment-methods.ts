import { checkedMarkup } from './markup.js';
import { badRequest } from './refusal.js';
import { refunded } from './star-list.js';
import type { FakeMessage, Invoice, Params } from './types.js';
import type { Transaction, World } from './world.js';

const THIRTY_DAYS_SECONDS = 2_592_000;
const MOST_SUBSCRIPTION_STARS = 10_000;

function checkedInvoice(params: Params): Invoice {
  const title = String(params.title);
  const description = String(params.description);
  const payload = String(params.payload);
  const currency = String(params.currency);
  if (title.length < 1 || title.length > 32) throw badRequest('INVOICE_TITLE_INVALID');
  if (description.length < 1 || description.length > 255) throw badRequest('INVOICE_DESCRIPTION_INVALID');
  if (Buffer.byteLength(payload) < 1 || Buffer.byteLength(payload) > 128)
    throw badRequest('INVOICE_PAYLOAD_INVALID');
  const prices = params.prices as { label: string; amount: number }[];
  const stars = currency === 'XTR';
  if (prices.length === 0 || (stars && prices.length !== 1)) throw badRequest('STARS_INVOICE_INVALID');
  if (prices.some((price) => !Number.isInteger(price.amount) || !price.label))
    throw badRequest('INVOICE_PRICE_INVALID');
  const amount = prices.reduce((sum, price) => sum + price.amount, 0);
  if (amount < 1) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  const token = params.provider_token;
  if (stars && token !== undefined && token !== '') throw badRequest('STARS_INVOICE_INVALID');
  if (!stars && !token) throw badRequest('PAYMENT_PROVIDER_INVALID');
  if (!/^[A-Z]{3}$/.test(currency)) throw badRequest('CURRENCY_INVALID');
  return { title, description, payload, currency, amount };
}

export function sendInvoice(world: World, params: Params): FakeMessage {
  const chat = world.writableChat(params.chat_id);
  const invoice = checkedInvoice(params);
  const { title, description, currency, amount } = invoice;
  const markup = checkedMarkup(params.reply_markup);
  if (markup !== undefined && markup.inline_keyboard?.[0]?.[0]?.pay !== true)
    throw badRequest('first button must be pay');
  const pay = { inline_keyboard: [[{ text: currency === 'XTR' ? `Pay ⭐ ${amount}` : 'Pay', pay: true }]] };
  return world.add(
    {
      chat,
      from: world.bot,
      invoice: { title, description, currency, total_amount: amount },
      reply_markup: markup ?? pay,
    },
    { invoice },
  );
}

export function createInvoiceLink(world: World, params: Params): string {
  const invoice = checkedInvoice(params);
  const period = params.subscription_period as number | undefined;
  if (period !== undefined) {
    if (invoice.currency !== 'XTR' || period !== THIRTY_DAYS_SECONDS)
      throw badRequest('SUBSCRIPTION_PERIOD_INVALID');
    if (invoice.amount > MOST_SUBSCRIPTION_STARS) throw badRequest('STARS_SUBSCRIPTION_AMOUNT_INVALID');
    invoice.subscriptionSeconds = period;
  }
  const link = `https://t.me/$fake-${world.serial()}`;
  world.links.set(link, invoice);
  return link;
}

export function answerPreCheckoutQuery(world: World, params: Params): true {
  const query = world.preCheckouts.get(String(params.pre_checkout_query_id));
  if (query === undefined || query.answeredAtMs !== undefined || Date.now() - query.askedAtMs > 10_000)
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  if (params.ok === false && !params.error_message) throw badRequest('error_message is required');
  query.answeredAtMs = Date.now();
  query.settle(params.ok === true, params.error_message as string | undefined);
  return true;
}

export function getStarTransactions(world: World, params: Params): { transactions: Transaction[] } {
  const { offset = 0, limit = 100 } = params as { offset?: number; limit?: number };
  if (offset < 0) throw badRequest('OFFSET_INVALID');
  if (limit < 1 || limit > 100) throw badRequest('LIMIT_INVALID');
  return { transactions: world.transactions.slice(offset, offset + limit) };
}

export function editUserStarSubscription(world: World, params: Params): true {
  const charge = world.charges.get(String(params.telegram_payment_charge_id));
  const subscription = world.subscriptions.get(`${params.user_id} ${charge?.invoice.payload}`);
  if (charge?.userId !== params.user_id || subscription === undefined) throw badRequest('CHARGE_ID_INVALID');
  subscription.isEndedByBot = params.is_canceled === true;
  return true;
}

export function refundStarPayment(world: World, params: Params): true {
  const charge = world.charges.get(String(params.telegram_payment_charge_id));
  if (charge === undefined || charge.userId !== params.user_id || charge.invoice.currency !== 'XTR')
    throw badRequest('CHARGE_NOT_FOUND');
  if (charge.refunded) throw badRequest('CHARGE_ALREADY_REFUNDED');
  refunded(world, charge);
  const chat = world.chat(charge.chatId);
  const { currency, amount: total_amount, payload: invoice_payload } = charge.invoice;
  const refunded_payment = {
    currency,
    total_amount,
    invoice_payload,
    telegram_payment_charge_id: charge.chargeId,
  };
  const from = world.users.get(charge.userId) ?? world.bot;
  world.feed.add('message', world.add({ chat, from, refunded_payment }));
  return true;
}
