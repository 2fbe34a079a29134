import type { Reservation } from '../billing/index.js';
import type { KeptPrompt } from '../journal/journal-state.js';
import type { Keyboard } from '../telegram/types.js';
import type { Bot, Turn } from '../turn.js';

export function stopButton(turn: Turn, prompt: KeptPrompt): Keyboard {
  return [[{ text: turn.words.buttons.stop, callback_data: `stop:${prompt.id}` }]];
}

export function afterButtons(turn: Turn, prompt: KeptPrompt): Keyboard {
  const { retry, newTopic } = turn.words.buttons;
  const again = { text: retry, callback_data: `retry:${prompt.id}` };
  return prompt.kind === 'image' ? [[again]] : [[again, { text: newTopic, callback_data: 'new' }]];
}

export function againButton(turn: Turn, prompt: KeptPrompt): Keyboard {
  const short = prompt.text.length > 30 ? `${[...prompt.text].slice(0, 29).join('')}…` : prompt.text;
  return [
    [{ text: turn.words.buttons.again(short.replace(/\s+/g, ' ')), callback_data: `retry:${prompt.id}` }],
  ];
}

/**
 * The line below a paid answer: what it costs, what is left, what the rate limit still allows. Empty if the user
 * switched it off. The answer is charged only after it has arrived, so what will be left is worked out here.
 */
export function costLine(turn: Turn, bot: Bot, reservation: Reservation, cost: number): string {
  if (bot.journal.preferences(turn.user).hideCostLine === true) return '';
  const left = reservation.balance.available + reservation.amount - cost;
  const deciding = reservation.limit?.policies.find(
    (policy) =>
      policy.limit === reservation.limit?.limit && policy.remaining === reservation.limit?.remaining,
  );
  const { remaining, windowSeconds } = deciding ?? {};
  const requests =
    remaining === undefined || windowSeconds === undefined ? {} : { requests: { remaining, windowSeconds } };
  return turn.words.work.costLine({ cost, left, ...requests });
}
