import { errorFields } from '../log.js';
import { langOf, wordsFor } from '../replies/replies.js';
import type { TgPreCheckout } from '../telegram/types.js';
import { type Bot, userOf } from '../turn.js';
import type { Goods } from './catalogue.js';
import { isStillPromised, itemOf, priceOf } from './product.js';

/** Telegram gives up after ten seconds, and its answer must have got there by then. */
const SERVICE_MS = 3_000;

/**
 * Answers a payer at once, past every queue: yes to what is for sale at that price and is still what was promised,
 * otherwise why not. Where the service cannot be asked nobody knows, and no money is taken.
 */
export async function answerPreCheckout(query: TgPreCheckout, bot: Bot): Promise<void> {
  const { lang } = bot.journal.preferences(userOf(query.from.id));
  const { money } = wordsFor(langOf(lang, query.from.language_code));
  const goods = await soon(bot);
  let why: string | undefined;
  const item = itemOf(query.invoice_payload);
  if (goods === undefined) why = money.declinedAway;
  else {
    const price = item === undefined ? undefined : priceOf(goods, item, query.currency);
    if (price === undefined) why = money.declinedUnknown;
    else if (price !== query.total_amount) why = money.declinedPrice;
    else if (!isStillPromised(goods, query.invoice_payload)) why = money.declinedChanged;
  }
  const answer = why === undefined ? { ok: true } : { ok: false, error_message: why };
  bot.metrics.payments.inc({ outcome: why === undefined ? 'accepted' : 'declined' });
  await bot.api
    .call(
      'answerPreCheckoutQuery',
      { pre_checkout_query_id: query.id, ...answer },
      { patienceMs: 5_000, deadlineMs: 3_000 },
    )
    .catch((error: unknown) => bot.log.warn('a payer was not answered', errorFields(error)));
}

async function soon(bot: Bot): Promise<Goods | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, SERVICE_MS, undefined).unref());
  return Promise.race([bot.catalogue.goods().catch(() => undefined), late]);
}
