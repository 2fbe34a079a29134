import type { Price, Tier } from '../billing/index.js';
import { isCalledAfterSize } from './pack-name.js';
import { ru, ruCount } from './plural.js';
import { untilMoment } from './relative-time.js';
import { ruPlan } from './ru-plan.js';
import type { Words } from './words.js';

const tokens = (value: number) => ruCount(value, 'токен', 'токена', 'токенов');
const requests = (value: number) => ruCount(value, 'запрос', 'запроса', 'запросов');
const OPERATIONS: Record<string, [string, string, string]> = {
  chatgpt_message: ['сообщение', 'сообщения', 'сообщений'],
  image_generation: ['картинку', 'картинки', 'картинок'],
};

/** What the service's first catalogue promises; what an operator adds is shown as they wrote it. */
const FEATURES: Record<string, string> = { 'Priority support': 'поддержка вне очереди' };

function buys(affordable: Record<string, number | null>): string {
  const parts = Object.entries(affordable).flatMap(([id, count]) => {
    const names = OPERATIONS[id];
    return names === undefined || count === null ? [] : [ruCount(count, ...names)];
  });
  return parts.length === 0 ? '' : `Хватит на ${parts.join(' или ')}.`;
}

function price({ currency, amount }: Price): string {
  if (currency === 'XTR') return `⭐ ${ru(amount)}`;
  return new Intl.NumberFormat('ru-RU', { style: 'currency', currency }).format(amount / 100);
}

const perMinute = (tier: Tier) => {
  const policy = tier.policies.find((one) => one.operation === '*' && one.windowSeconds === 60);
  return policy === undefined ? '' : `, ${requests(policy.limit)} в минуту`;
};

const STARTS = {
  after: '. Начнётся, когда закончится оплаченное раньше',
  now: '. Начнётся сразу; остаток нынешнего месяца тем временем пройдёт',
};

export const ruMoney: Words['money'] = {
  balance: ({ available, reserved, debt, affordable, ...plan }) => {
    const { tierName, renewsAt, paidUntil, monthlyTokens, inGrace, waiting } = plan;
    const lines = [`💰 ${tokens(available)}`];
    if (reserved > 0) lines.push(`(ещё ${ru(reserved)} удержано за то, что выполняется)`);
    if (debt > 0) lines.push(`Долг: ${tokens(debt)}; он гасится из следующих поступлений.`);
    lines.push(buys(affordable), '', `Тариф: ${tierName}`);
    if (inGrace && renewsAt !== null) return [...lines, ruPlan.grace(tierName, renewsAt)].join('\n');
    if (paidUntil !== null) lines.push(`Оплата закончится ${untilMoment(paidUntil, 'ru')}.`);
    if (renewsAt !== null) lines.push(`Новые ${tokens(monthlyTokens)} — ${untilMoment(renewsAt, 'ru')}.`);
    lines.push(...ruPlan.waiting(waiting));
    return lines.join('\n');
  },
  plans: (tierName, available) => `Ваш тариф: ${tierName}, у вас ${tokens(available)}.`,
  tierLine: (tier, cost) =>
    `${tier.name}: ${tokens(tier.monthlyTokens)} в месяц${perMinute(tier)}${tier.features.map((one) => `, ${FEATURES[one] ?? one}`).join('')} — ${cost}`,
  packName: (pack) => (isCalledAfterSize(pack) ? tokens(pack.tokens) : pack.name),
  packLine: (pack, cost) =>
    `${isCalledAfterSize(pack) ? '' : `${pack.name}: `}${tokens(pack.tokens)}, один раз — ${cost}`,
  price,
  subscriptionOffer: (tier) =>
    `${tier.name}: ${tokens(tier.monthlyTokens)} в месяц${perMinute(tier)}.\nПродлевается каждые 30 дней, пока вы не отмените в настройках Telegram, раздел «Мои звёзды».`,
  tierTitle: (name) => `${name}, один месяц`,
  tierDescription: (tier, start) =>
    `${tokens(tier.monthlyTokens)} в месяц${perMinute(tier)}${start === undefined ? '' : STARTS[start]}`,
  packDescription: (count) => `${tokens(count)}, сразу на ваш счёт`,
  gift: (count) => `🎁 Подпишитесь на наш канал и получайте ${tokens(count)} каждый месяц бесплатно.`,
  giftJoined: (granted, available) =>
    granted > 0
      ? `🎁 Спасибо за подписку: ${tokens(granted)} для вас. Сейчас у вас ${ru(available)}.`
      : `Вы подписаны. У вас ${tokens(available)}.`,
  giftNotMember: 'Пока не вижу вас в канале. Подпишитесь и нажмите ещё раз.',
  giftUnknown: 'Telegram не смог сказать, подписаны ли вы. Ничего не изменилось; попробуйте через минуту.',
  thanks: ({ granted, available, tierName, until, bought, waiting }) => {
    const have = `Сейчас у вас ${tokens(available)}.`;
    if (bought !== undefined) return `✅ Спасибо! ${ruPlan.bought(bought)} ${have}`;
    const plan =
      tierName === undefined
        ? ''
        : ` Ваш тариф — ${tierName}${until === null ? '' : `, оплата закончится ${untilMoment(until, 'ru')}`}.`;
    const got = granted > 0 ? ` Начислено: ${tokens(granted)}.` : '';
    return [`✅ Спасибо!${got}${plan} ${have}`, ...ruPlan.waiting(waiting)].join('\n');
  },
  paymentKept:
    'Ваш платёж получен и сохранён. Служба токенов сейчас недоступна; токены придут, как только она вернётся. Делать ничего не нужно.',
  refusedPayment: (contact) =>
    `Ваш платёж получен, но служба токенов его не принимает, поэтому ничего не начислено. Запись о нём хранится. Напишите ${contact ?? 'владельцу бота'}, укажите дату и сумму: вы получите оплаченное или деньги назад.`,
  refusedRefund: (contact) =>
    `Платёж возвращён, но служба токенов не смогла это учесть. Если с токенами что-то не так, напишите ${contact ?? 'владельцу бота'}.`,
  refusedJoin: (contact) =>
    `Вы подписались на канал, но служба токенов не смогла это отметить. Напишите ${contact ?? 'владельцу бота'}.`,
  refunded: (revoked) => `Платёж возвращён, списано: ${tokens(revoked)}.`,
  declinedUnknown: 'Это больше не продаётся. Деньги не списаны; смотрите /upgrade.',
  declinedPrice: 'Цена изменилась. Деньги не списаны; новая — в /upgrade.',
  declinedChanged: 'Состав покупки изменился после этого счёта. Деньги не списаны; смотрите /upgrade.',
  declinedAway: 'Магазин на минуту закрыт. Деньги не списаны; попробуйте через минуту.',
  notForSale: 'Сейчас ничего не продаётся.',
};
