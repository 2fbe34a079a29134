import { randomUUID } from 'node:crypto';
import type { Tracer } from '../../common/src/tracing.js';
import type { AiBackend } from './ai/backend.js';
import { Echo } from './ai/echo.js';
import { OpenAi } from './ai/open-ai.js';
import { BillingClient, MeteringClient, type Settlement, type WorkRecord } from './billing/index.js';
import type { Config } from './config.js';
import type { Journal } from './journal/journal.js';
import { errorFields, type Log } from './log.js';
import { Metrics } from './metrics.js';
import { Catalogue } from './payments/catalogue.js';
import { Outbox } from './payments/outbox.js';
import { receipts } from './payments/receipts.js';
import { DraftSupport } from './telegram/draft-support.js';
import { TelegramApi } from './telegram/telegram-api.js';
import type { TgUser } from './telegram/types.js';
import { tellInterrupted } from './tell-interrupted.js';
import { Tracing } from './tracing.js';
import type { Bot } from './turn.js';
import { Memory } from './work/memory.js';
import { Running } from './work/running.js';

export function backendOf(config: Config): AiBackend {
  const { aiBaseUrl: baseUrl, aiApiKey: apiKey, chatModel, imageModel } = config;
  return baseUrl === undefined ? new Echo() : new OpenAi({ baseUrl, apiKey, chatModel, imageModel });
}

/** Everything a command may use, put together. */
export function assembleBot(
  config: Config,
  log: Log,
  journal: Journal,
  tracer: Tracer | undefined,
  me: () => TgUser | undefined,
): Bot {
  const metrics = new Metrics();
  const tracing = new Tracing(tracer);
  const billing = new BillingClient({
    ...{ url: config.billingUrl, apiKey: config.billingApiKey },
    startCall: (method, path) => tracing.startCall(method, path),
    onTry: (outcome) => metrics.serviceCalls.inc({ outcome: metrics.codeLabel(outcome) }),
  });
  const onSettled = (record: WorkRecord, settlement: Settlement) =>
    void tellInterrupted(bot, record, settlement).catch((error) =>
      log.warn('an interruption was not told', errorFields(error)),
    );
  const bot: Bot = {
    config,
    session: randomUUID(),
    billing,
    journal,
    log,
    me,
    metrics,
    tracing,
    api: new TelegramApi(config.telegramToken, config.telegramApiRoot, (code) =>
      metrics.telegramFaults.inc({ code }),
    ),
    ai: backendOf(config),
    metering: new MeteringClient(billing, journal, onSettled),
    catalogue: new Catalogue(billing),
    outbox: new Outbox(
      billing,
      journal,
      receipts(() => bot),
      log,
    ),
    memory: new Memory(),
    running: new Running(),
    drafts: new DraftSupport((code) => metrics.draftFallbacks.inc({ code })),
    askedForImage: new Set(),
    albums: new Map(),
  };
  return bot;
}
