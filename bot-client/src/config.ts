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
}

/** Names every setting that is wrong, one line each. Never shows a value: it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
  }
}

type Env = Record<string, string | undefined>;

/** Reads the environment, after a `.env` file where there is one (the environment wins). Throws `ConfigError`. */
export function loadConfig(env: Env = process.env): Config {
  if (env === process.env) readDotEnv();
  const read = new Reader(env);
  const config: Config = {
    telegramToken: read.matching(
      'TELEGRAM_BOT_TOKEN',
      /^\d+:[\w-]{10,}$/,
      'as BotFather gives it: 123456:ABC-…',
    ),
    telegramApiRoot: read.url('TELEGRAM_API_ROOT', 'https://api.telegram.org') ?? '',
    billingUrl: read.url('BILLING_URL', 'http://127.0.0.1:3000') ?? '',
    billingApiKey: read.matching('BILLING_API_KEY', /^\S{16,}$/, 'the key of the billing service'),
    channelId: read.optional('CHANNEL_ID', /^(-\d+|@\w+)$/, '@name or -100…'),
    channelUrl: read.url('CHANNEL_URL'),
    adminIds: new Set(read.list('ADMIN_IDS').map(Number)),
    aiBaseUrl: read.url('AI_BASE_URL')?.replace(/\/$/, ''),
    aiApiKey: read.optional('AI_API_KEY', /^\S+$/, 'one word'),
    chatModel: read.optional('CHAT_MODEL', /./, 'a name') ?? 'gpt-4o-mini',
    imageModel: read.optional('IMAGE_MODEL', /./, 'a name') ?? 'gpt-image-1',
    chatTokensPer1k: read.number('CHAT_TOKENS_PER_1K', 0.001, 1_000_000),
    webhook: webhookOf(read),
    paymentProviderToken: read.optional('PAYMENT_PROVIDER_TOKEN', /^\S+$/, 'as BotFather gives it'),
    metricsHost: read.optional('BOT_METRICS_HOST', /^\S+$/, 'an address') ?? '127.0.0.1',
    metricsPort: read.number('BOT_METRICS_PORT', 0, 65_535) ?? 9092,
    dataDir: read.optional('BOT_DATA_DIR', /./, 'a folder') ?? './data/bot',
    supportContact: read.optional('SUPPORT_CONTACT', /./, 'a name or an address'),
  };
  if (config.aiApiKey !== undefined && config.aiBaseUrl === undefined)
    config.aiBaseUrl = 'https://api.openai.com/v1';
  if (config.channelId !== undefined && config.channelUrl === undefined) {
    if (config.channelId.startsWith('@')) config.channelUrl = `https://t.me/${config.channelId.slice(1)}`;
    else read.problems.push('CHANNEL_URL is needed: a channel named by its number has no address of its own');
  }
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}

function webhookOf(read: Reader): Config['webhook'] {
  const url = read.url('WEBHOOK_URL');
  const secret = read.optional('WEBHOOK_SECRET', /^[\w-]{16,256}$/, '16 to 256 of A-Z a-z 0-9 _ -');
  const port = read.number('WEBHOOK_PORT', 0, 65_535) ?? 8443;
  const host = read.optional('WEBHOOK_HOST', /^\S+$/, 'an address') ?? '127.0.0.1';
  if (url === undefined) return undefined;
  // Without it, anyone who finds the address could write as any user and pay with nothing.
  if (secret === undefined) read.problems.push('WEBHOOK_SECRET is needed with WEBHOOK_URL');
  return { url, secret: secret ?? '', host, port };
}

/** The values of the secrets among the settings, so that a log can leave them out. */
export function secretsOf(config: Config): string[] {
  const { telegramToken, billingApiKey, aiApiKey, webhook, paymentProviderToken } = config;
  const all = [telegramToken, billingApiKey, aiApiKey, webhook?.secret, paymentProviderToken];
  return all.filter((secret): secret is string => secret !== undefined && secret !== '');
}

function readDotEnv(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

class Reader {
  readonly #env: Env;
  readonly problems: string[] = [];
  constructor(env: Env) {
    this.#env = env;
  }

  optional(name: string, shape: RegExp, hint: string): string | undefined {
    const value = this.#env[name]?.trim();
    if (value === undefined || value === '') return undefined;
    if (!shape.test(value)) this.problems.push(`${name} is not ${hint}`);
    return value;
  }
  matching(name: string, shape: RegExp, hint: string): string {
    const value = this.optional(name, shape, hint);
    if (value === undefined) this.problems.push(`${name} is needed: ${hint}`);
    return value ?? '';
  }
  url(name: string, fallback?: string): string | undefined {
    const value = this.optional(name, /^https?:\/\/\S+$/, 'an http(s) address') ?? fallback;
    if (value !== undefined && /^https?:/.test(value) && !URL.canParse(value))
      this.problems.push(`${name} is not an address`);
    return value;
  }
  number(name: string, least: number, most: number): number | undefined {
    const text = this.optional(name, /^\d+(\.\d+)?$/, 'a number');
    if (text === undefined || Number.isNaN(Number(text))) return undefined;
    const value = Number(text);
    if (value < least || value > most) this.problems.push(`${name} is not between ${least} and ${most}`);
    return value;
  }
  list(name: string): string[] {
    return this.optional(name, /^\d+(\s*,\s*\d+)*$/, 'numbers with commas')?.split(/\s*,\s*/) ?? [];
  }
}
