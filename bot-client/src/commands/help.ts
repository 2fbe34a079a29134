import type { Command } from '../turn.js';
import { OPERATIONS } from '../work/request.js';

export const help: Command = async (turn, bot) => {
  const { operations } = await bot.catalogue.goods();
  const price = (id: string) => operations.find((one) => one.id === id)?.price ?? 0;
  await turn.view.say(
    turn.words.basics.help({ chat: price(OPERATIONS.chat), image: price(OPERATIONS.image) }),
  );
};
