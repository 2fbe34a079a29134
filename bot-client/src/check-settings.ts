import { backendOf } from './assemble-bot.js';
import { BillingClient, BillingError } from './billing/index.js';
import type { Config } from './config.js';
import { channelOf } from './payments/membership.js';
import { faultOf, TelegramApi } from './telegram/telegram-api.js';
import type { TgUser } from './telegram/types.js';

type Say = (line: string) => void;

/** Tries every setting once and says in a person's words what is wrong. True: everything works. */
export async function checkSettings(config: Config, say: Say): Promise<boolean> {
  let well = true;
  const judge = async (subject: string, question: () => Promise<string>) => {
    try {
      say(`✓ ${subject}: ${await question()}`);
    } catch (error) {
      well = false;
      say(`✗ ${subject}: ${inWords(error)}`);
    }
  };
  const api = new TelegramApi(config.telegramToken, config.telegramApiRoot);
  const billing = new BillingClient({ url: config.billingUrl, apiKey: config.billingApiKey, attempts: 1 });
  let me: TgUser | undefined;
  await judge('Telegram', async () => {
    me = await api.call<TgUser>('getMe', {}, { patienceMs: 0 });
    return `this is @${me.username}`;
  });
  await judge('Channel', () => channelRight(config, api, me));
  await judge('Billing service', async () => {
    await billing.ready();
    return `answers at ${config.billingUrl}`;
  });
  for (const [scope, question] of scopes(billing))
    await judge(`Key, scope ${scope}`, () => question().then(() => 'allowed', allowed));
  await judge('AI', () => backendOf(config).check());
  await judge('Updates', async () =>
    config.webhook === undefined ? 'by long polling' : `pushed to ${config.webhook.url}`,
  );
  await billing.close();
  return well;
}

async function channelRight(config: Config, api: TelegramApi, me: TgUser | undefined): Promise<string> {
  if (config.channelId === undefined) return 'none set, so no gift is offered';
  if (me === undefined) throw new Error('cannot be checked without a token that works');
  const asked = { chat_id: channelOf(config.channelId), user_id: me.id };
  const { status } = await api.call<{ status: string }>('getChatMember', asked, { patienceMs: 0 });
  if (status === 'administrator' || status === 'creator') return 'the bot is an administrator there';
  throw new Error(`the bot is only "${status}" there; make it an administrator, or it cannot see who joined`);
}

/** Calls that change nothing: each asks for something that does not exist, which only an allowed key is told. */
function scopes(billing: BillingClient): [string, () => Promise<unknown>][] {
  return [
    ['tokens', () => billing.quote({ user: 'telegram:0', operation: 'chatgpt_message' })],
    ['users', () => billing.setChannelSubscription('not a user', false)],
    ['grants', () => billing.grant({ user: 'not a user', amount: 0, source: 'promo', reason: 'check' })],
    ['payments', () => billing.refundPayment('check', 'no-such-payment')],
  ];
}

/** Refused for what was asked, not for who asked. */
function allowed(error: unknown): string {
  if (error instanceof BillingError && [400, 404, 409].includes(error.status)) return 'allowed';
  throw error;
}

function inWords(error: unknown): string {
  if (error instanceof BillingError) {
    if (error.status === 401) return 'the service does not know this key: see BILLING_API_KEY';
    if (error.status === 403) return 'the key lacks this scope';
    if (error.status === 0) return `not reachable (${error.message}): see BILLING_URL`;
    return error.message;
  }
  const fault = faultOf(error);
  if (fault.code === 401) return 'Telegram refuses the token: see TELEGRAM_BOT_TOKEN';
  if (fault.code === 0) return (error as Error).message;
  return `Telegram says: ${fault.description}`;
}
