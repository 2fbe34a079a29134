import type { StarsMark } from '../journal/journal-state.js';
import type { TelegramApi } from '../telegram/telegram-api.js';
import type { TgStarTransaction } from '../telegram/types.js';

export interface StarPage {
  transactions: TgStarTransaction[];
  /** How many came before these. */
  before: number;
  /** False: nothing is known of what came before, as the mark is missing or belongs to another list. */
  isBehindMark: boolean;
}

/** Telegram's bound. */
const MOST = 100;

/** The bot's movements of Stars behind `mark`, oldest first, as Telegram lists them: new ones are added at the end. */
export async function* starPages(api: TelegramApi, mark: StarsMark | undefined): AsyncGenerator<StarPage> {
  let isBehindMark = mark !== undefined;
  // The marked one is asked for again: it proves that this is still the same list.
  let offset = Math.max(0, (mark?.count ?? 0) - 1);
  for (;;) {
    const asked = { offset, limit: MOST };
    const { transactions } = await api.call<{ transactions: TgStarTransaction[] }>(
      'getStarTransactions',
      asked,
      { patienceMs: 5_000 },
    );
    const isFirst = mark !== undefined && isBehindMark && offset === mark.count - 1;
    if (isFirst && !isMarked(transactions[0], mark)) {
      isBehindMark = false;
      offset = 0;
      continue;
    }
    yield {
      transactions: isFirst ? transactions.slice(1) : transactions,
      before: isFirst ? offset + 1 : offset,
      isBehindMark,
    };
    if (transactions.length < MOST) return;
    offset += transactions.length;
  }
}

function isMarked(transaction: TgStarTransaction | undefined, { id, date }: StarsMark): boolean {
  return transaction?.id === id && transaction.date === date;
}
