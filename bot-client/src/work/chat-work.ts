import type { ChatMessage, Cut, Usage } from '../ai/backend.js';
import type { Job } from '../billing/index.js';
import type { KeptPrompt } from '../journal/journal-state.js';
import { AnswerView } from '../telegram/answer-view.js';
import type { Bot, Turn } from '../turn.js';
import { UsagePrice } from './chat-price.js';
import { afterButtons, costLine, stopButton } from './work-words.js';

const SYSTEM: ChatMessage = {
  role: 'system',
  content:
    'You are a helpful assistant in a Telegram chat. Answer in the language of the question, briefly unless asked.',
};

/** Why an answer is not whole; undefined: it is. */
type Ending = Cut | 'stopped' | undefined;

/** The AI's filter let no word through. */
export class Filtered extends Error {
  override readonly name = 'Filtered';
}

function nothingSaid(ending: Ending): Error {
  if (ending === 'stopped') return new StoppedEarly('stopped');
  return ending === 'filter' ? new Filtered('filtered') : new Error('the AI answered nothing');
}

/** The user stopped it before there was anything to read. */
export class StoppedEarly extends Error {
  override readonly name = 'StoppedEarly';
}

export function messagesFor(bot: Bot, turn: Turn, prompt: KeptPrompt): ChatMessage[] {
  return [SYSTEM, ...bot.memory.recall(turn.place), { role: 'user', content: prompt.text }];
}

export function usagePrice(bot: Bot): UsagePrice | undefined {
  const rate = bot.config.chatTokensPer1k;
  return rate === undefined ? undefined : new UsagePrice(rate);
}

/** One chat answer, streamed and delivered. Ends only when the user has it, or throws. */
export class ChatWork {
  readonly #turn: Turn;
  readonly #bot: Bot;
  readonly #prompt: KeptPrompt;
  readonly answer: AnswerView;
  readonly #messages: ChatMessage[];
  /** What came before the AI broke off: shown, as the user has read it growing, and not charged. */
  arrived = '';

  constructor(turn: Turn, bot: Bot, prompt: KeptPrompt) {
    this.#turn = turn;
    this.#bot = bot;
    this.#prompt = prompt;
    this.#messages = messagesFor(bot, turn, prompt);
    this.answer = new AnswerView(turn.view, {
      isPrivate: turn.isPrivate,
      drafts: bot.drafts,
      waiting: turn.words.work.thinking,
      stop: stopButton(turn, prompt),
      draftId: turn.updateId,
    });
  }

  async run({ signal, reservation }: Job): Promise<{ value: undefined; cost: number }> {
    await this.answer.begin();
    const { text, usage, ending } = await this.#listen(signal);
    if (text.trim() === '') throw nothingSaid(ending);
    const stopped = ending === 'stopped';
    const cost = Math.min(reservation.amount, this.#cost(text, usage, stopped, reservation.amount));
    const whole = ending === undefined ? text : `${text}\n\n${this.#turn.words.work.ended[ending]}`;
    await this.answer.finish(
      whole,
      costLine(this.#turn, this.#bot, reservation, cost),
      afterButtons(this.#turn, this.#prompt),
    );
    this.#bot.memory.remember(this.#turn.place, this.#prompt.text, text);
    return { value: undefined, cost };
  }

  async #listen(signal: AbortSignal): Promise<{ text: string; usage: Usage | undefined; ending: Ending }> {
    let text = '';
    let usage: Usage | undefined;
    let ending: Ending;
    try {
      for await (const event of this.#bot.ai.chat(this.#messages, signal)) {
        if ('usage' in event) usage = event.usage;
        else if ('cut' in event) ending = event.cut;
        else {
          text += event.text;
          this.answer.show(text);
        }
        signal.throwIfAborted();
      }
    } catch (error) {
      // A shutdown is not the user's wish: that work failed, and is free.
      if (signal.aborted && signal.reason === 'user') return { text, usage, ending: 'stopped' };
      this.arrived = text.trim();
      throw error;
    }
    return { text, usage, ending };
  }

  #cost(text: string, usage: Usage | undefined, stopped: boolean, reserved: number): number {
    const price = usagePrice(this.#bot);
    if (price === undefined) return stopped ? Math.ceil(reserved / 2) : reserved;
    return usage === undefined ? price.estimate(this.#messages, text) : price.of(usage);
  }
}
