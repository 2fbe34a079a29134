import type { TracingSettings } from '../../common/src/open-tracing.js';
import { type Environment, SettingsReader } from '../../common/src/settings.js';

/** Every setting of the bot, read and checked here alone; see docs/bot.md for what each one does. */
export interface Config {
  telegramToken: string;
  telegramApiRoot: string;
  billingUrl: string;
  billingApiKey: string;
  channelId: string | undefined;
  channelUrl: string | undefined;
  adminIds: ReadonlySet<number>;
  aiBaseUrl: string | undefined;
  aiApiKey: string | undefined;
  chatModel: string;
  imageModel: string;
  /** Our tokens for 1,000 LLM tokens; undefined: chat has the operation's fixed price. */
  chatTokensPer1k: number | undefined;
  webhook: { url: string; secret: string; host: string; port: number } | undefined;
  paymentProviderToken: string | undefined;
  metricsHost: string;
  metricsPort: number;
  dataDir: string;
  supportContact: string | undefined;
  /** Said by /terms and /paysupport instead of the bot's own words. */
  termsText: string | undefined;
  paysupportText: string | undefined;
  tracing: TracingSettings;
}

const HTTP = ['http:', 'https:'];

/** Throws `SettingsError` with all that is wrong. */
export function readConfig(env: Environment): Config {
  const read = new SettingsReader(env);
  const aiApiKey = read.matching('AI_API_KEY', /^\S+$/, 'one word');
  const channelId = read.matching('CHANNEL_ID', /^(-\d+|@\w+)$/, '@name or -100…');
  const config: Config = {
    telegramToken: read.required(
      'TELEGRAM_BOT_TOKEN',
      /^\d+:[\w-]{10,}$/,
      'as BotFather gives it, 123456:ABC-…',
    ),
    telegramApiRoot: read.url('TELEGRAM_API_ROOT', HTTP) ?? 'https://api.telegram.org',
    billingUrl: read.url('BILLING_URL', HTTP) ?? 'http://127.0.0.1:3000',
    billingApiKey: read.required('BILLING_API_KEY', /^\S{16,}$/, 'a key of the billing service'),
    channelId,
    channelUrl: channelUrlOf(read, channelId),
    adminIds: new Set(adminIdsOf(read)),
    aiBaseUrl: aiBaseUrlOf(read, aiApiKey),
    aiApiKey,
    chatModel: read.text('CHAT_MODEL', 'gpt-4o-mini'),
    imageModel: read.text('IMAGE_MODEL', 'gpt-image-1'),
    chatTokensPer1k: read.number('CHAT_TOKENS_PER_1K', 0.001, 1_000_000),
    webhook: webhookOf(read),
    paymentProviderToken: read.matching('PAYMENT_PROVIDER_TOKEN', /^\S+$/, 'as BotFather gives it'),
    metricsHost: read.text('BOT_METRICS_HOST', '127.0.0.1'),
    metricsPort: read.integer('BOT_METRICS_PORT', 9092, 0, 65_535),
    dataDir: read.text('BOT_DATA_DIR', './data/bot'),
    supportContact: read.optional('SUPPORT_CONTACT'),
    termsText: messageOf(read, 'TERMS_TEXT'),
    paysupportText: messageOf(read, 'PAYSUPPORT_TEXT'),
    tracing: {
      endpoint: read.url('OTEL_EXPORTER_OTLP_ENDPOINT', HTTP),
      share: read.number('OTEL_TRACES_SAMPLER_ARG', 0, 1) ?? 1,
    },
  };
  read.end();
  return config;
}

function channelUrlOf(read: SettingsReader, channelId: string | undefined): string | undefined {
  const url = read.url('CHANNEL_URL', HTTP);
  if (url !== undefined || channelId === undefined) return url;
  if (channelId.startsWith('@')) return `https://t.me/${channelId.slice(1)}`;
  return read.refuse('CHANNEL_URL', 'is needed: a channel named by its number has no address of its own');
}

/** Telegram's bound on one message. */
const MOST_CHARACTERS = 4_096;

/** A message in one line of a file: `\\n` begins a new one. */
function messageOf(read: SettingsReader, name: string): string | undefined {
  const text = read.optional(name)?.replaceAll('\\n', '\n');
  if (text === undefined || text.length <= MOST_CHARACTERS) return text;
  return read.refuse(name, `must have at most ${MOST_CHARACTERS} characters, as a message of Telegram`);
}

function adminIdsOf(read: SettingsReader): number[] {
  const list = read.matching('ADMIN_IDS', /^\d+(\s*,\s*\d+)*$/, 'numbers with commas between them');
  return list?.split(',').map(Number) ?? [];
}

function aiBaseUrlOf(read: SettingsReader, apiKey: string | undefined): string | undefined {
  const url = read.url('AI_BASE_URL', HTTP)?.replace(/\/$/, '');
  return url ?? (apiKey === undefined ? undefined : 'https://api.openai.com/v1');
}

function webhookOf(read: SettingsReader): Config['webhook'] {
  const url = read.url('WEBHOOK_URL', HTTP);
  const secret = read.matching('WEBHOOK_SECRET', /^[\w-]{16,256}$/, '16 to 256 of A-Z a-z 0-9 _ -');
  const port = read.integer('WEBHOOK_PORT', 8443, 0, 65_535);
  const host = read.text('WEBHOOK_HOST', '127.0.0.1');
  if (url === undefined) return undefined;
  // Without it, anyone who finds the address could write as any user and pay with nothing.
  if (read.optional('WEBHOOK_SECRET') === undefined)
    read.refuse('WEBHOOK_SECRET', 'is needed with WEBHOOK_URL');
  return { url, secret: secret ?? '', host, port };
}

/** The values of the secrets among the settings, so that a log can leave them out. */
export function secretsOf(config: Config): string[] {
  const { telegramToken, billingApiKey, aiApiKey, webhook, paymentProviderToken } = config;
  const all = [telegramToken, billingApiKey, aiApiKey, webhook?.secret, paymentProviderToken];
  return all.filter((secret): secret is string => secret !== undefined && secret !== '');
}
