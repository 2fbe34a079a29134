import type { Job } from '../billing/index.js';
import type { KeptPrompt } from '../journal/journal-state.js';
import type { Bot, Turn } from '../turn.js';
import { StoppedEarly } from './chat-work.js';
import { afterButtons, costLine, stopButton } from './work-words.js';

/** One picture, drawn and delivered. */
export class ImageWork {
  readonly #turn: Turn;
  readonly #bot: Bot;
  readonly #prompt: KeptPrompt;
  #waitingId: number | undefined;

  constructor(turn: Turn, bot: Bot, prompt: KeptPrompt) {
    this.#turn = turn;
    this.#bot = bot;
    this.#prompt = prompt;
  }

  async run({ signal, reservation }: Job): Promise<{ value: undefined; cost: number }> {
    const [turn, bot, prompt] = [this.#turn, this.#bot, this.#prompt];
    this.#waitingId = (await turn.view.say(turn.words.work.drawing, stopButton(turn, prompt))).message_id;
    const picture = await bot.ai.image(prompt.text, signal).catch((error: unknown) => {
      throw signal.reason === 'user' ? new StoppedEarly('stopped') : error;
    });
    // Stopped at the last moment: nothing was shown, so nothing is charged.
    if (signal.aborted) throw new StoppedEarly('stopped');
    const cost = reservation.amount;
    await turn.view.photo(picture.bytes, costLine(turn, bot, reservation, cost), afterButtons(turn, prompt));
    await turn.view.remove(this.#waitingId);
    return { value: undefined, cost };
  }

  async replaceBy(text: string, keyboard: Parameters<Turn['view']['say']>[1]): Promise<void> {
    if (this.#waitingId === undefined) await this.#turn.view.say(text, keyboard);
    else await this.#turn.view.edit(this.#waitingId, text, keyboard);
  }
}
