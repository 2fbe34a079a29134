import { BillingError, WorkFailed } from '../billing/index.js';
import type { KeptPrompt } from '../journal/journal-state.js';
import { errorFields } from '../log.js';
import { showAction } from '../telegram/feedback.js';
import { TelegramFault } from '../telegram/telegram-api.js';
import type { Keyboard } from '../telegram/types.js';
import type { Bot, Turn } from '../turn.js';
import { ChatWork, Filtered, messagesFor, usagePrice } from './chat-work.js';
import { ImageWork } from './image-work.js';
import { tellRefusal } from './tell-refusal.js';
import { afterButtons } from './work-words.js';

export const OPERATIONS = { chat: 'chatgpt_message', image: 'image_generation' } as const;

/** A new request. Its prompt is kept, so that it can be offered again no matter how the work ends. */
export function newPrompt(turn: Turn, kind: 'chat' | 'image', text: string): KeptPrompt {
  return {
    id: turn.updateId.toString(36),
    user: turn.user,
    kind,
    text,
    updateId: turn.updateId,
    attempts: 1,
  };
}

/** Holds tokens, does the work and delivers it; if any of that fails, the user is told. */
export async function runRequest(turn: Turn, bot: Bot, prompt: KeptPrompt): Promise<void> {
  const startedAt = Date.now();
  const stopShowing = showAction(turn.view, prompt.kind === 'image' ? 'upload_photo' : 'typing');
  const operation = OPERATIONS[prompt.kind];
  const signal = bot.running.start(prompt.id, turn.place);
  const work = prompt.kind === 'image' ? new ImageWork(turn, bot, prompt) : new ChatWork(turn, bot, prompt);
  void bot.journal
    .keepPrompt(prompt)
    .catch((error) => bot.log.warn('a request was not kept', errorFields(error)));
  let outcome = 'delivered';
  try {
    await bot.metering.withTokens(
      turn.user,
      operation,
      (job) => work.run(job),
      optionsOf(turn, bot, prompt, signal),
    );
    bot.metrics.workSeconds.observe({ operation }, (Date.now() - startedAt) / 1000);
  } catch (error) {
    stopShowing();
    if (error instanceof BillingError) {
      outcome = error.retryable ? 'service-away' : 'refused';
      bot.metrics.refusals.inc({ code: bot.metrics.codeLabel(error.code) });
      await tellRefusal(turn, bot, prompt, error);
    } else if (error instanceof WorkFailed) {
      outcome = signal.reason === 'user' && !(error.cause instanceof TelegramFault) ? 'stopped' : 'failed';
      if (outcome === 'failed') bot.log.warn('work failed', { operation, ...errorFields(error.cause) });
      await tellFailure(turn, bot, prompt, work, error, signal.reason);
    } else throw error;
  } finally {
    stopShowing();
    bot.running.end(prompt.id);
    bot.metrics.work.inc({ operation, outcome });
  }
}

function optionsOf(turn: Turn, bot: Bot, prompt: KeptPrompt, signal: AbortSignal) {
  const price = prompt.kind === 'chat' ? usagePrice(bot) : undefined;
  const { chatId, threadId } = turn.view.place;
  const bound = price?.upperBound(messagesFor(bot, turn, prompt));
  return {
    key: `tg:${bot.me()?.id ?? 0}:${prompt.updateId}:${prompt.attempts}`,
    signal,
    metadata: { frontend: 'telegram', updateId: prompt.updateId, attempt: prompt.attempts },
    note: {
      session: bot.session,
      updateId: turn.updateId,
      chatId,
      threadId: threadId ?? null,
      userId: turn.from.id,
      lang: turn.words.lang,
      promptId: prompt.id,
    },
    ...(bound === undefined ? {} : { amount: bound }),
  };
}

function failureText(
  turn: Turn,
  bot: Bot,
  prompt: KeptPrompt,
  failure: WorkFailed,
  reason: unknown,
  hasPart: boolean,
): string {
  const { work: words } = turn.words;
  const available = failure.balance?.available;
  const tokens = bot.catalogue.lastPrice(OPERATIONS[prompt.kind]);
  // If Telegram did not answer a send, nobody can know whether it arrived; the answer is then not charged.
  if (failure.cause instanceof TelegramFault)
    return failure.cause.code === 0 ? words.unsure(tokens, available) : words.failed(tokens, available);
  if (reason === 'user') return words.stoppedFree(available);
  if (failure.cause instanceof Filtered) return words.filtered(tokens, available);
  if (reason === 'shutdown') return words.interrupted(tokens, available);
  return hasPart ? words.brokenOff(tokens, available) : words.failed(tokens, available);
}

async function tellFailure(
  turn: Turn,
  bot: Bot,
  prompt: KeptPrompt,
  work: ChatWork | ImageWork,
  failure: WorkFailed,
  reason: unknown,
): Promise<void> {
  const buttons: Keyboard = afterButtons(turn, prompt).map((row) => row.slice(0, 1));
  // Telegram's own failure says nothing of the words; it may have them already.
  const isPart = work instanceof ChatWork && work.arrived !== '' && !(failure.cause instanceof TelegramFault);
  const text = failureText(turn, bot, prompt, failure, reason, isPart);
  const part = isPart ? work.answer.finish(work.arrived, text, buttons) : undefined;
  await (part ?? replace(work, text, buttons)).catch((error: unknown) => {
    bot.log.warn('a failure could not be told', errorFields(error));
  });
}

async function replace(work: ChatWork | ImageWork, text: string, keyboard: Keyboard): Promise<void> {
  if (work instanceof ChatWork) await work.answer.replaceBy(text, keyboard);
  else await work.replaceBy(text, keyboard);
}
