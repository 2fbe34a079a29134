import type { WaitingPlan } from '../payments/waiting-plans.js';
import { planLength } from './plan-length.js';
import { ruCount } from './plural.js';
import { dayAndWait, dayOf, untilMoment } from './relative-time.js';
import { MOST_WAITING, type Words } from './words.js';

const tokens = (value: number) => ruCount(value, 'токен', 'токена', 'токенов');

/** In the accusative: "на 1 месяц и 3 дня". */
function length({ from, until }: WaitingPlan): string {
  const { months, days } = planLength(from, until);
  const parts = [
    ...(months === 0 ? [] : [ruCount(months, 'месяц', 'месяца', 'месяцев')]),
    ...(days === 0 ? [] : [ruCount(days, 'день', 'дня', 'дней')]),
  ];
  return parts.join(' и ');
}

const stretch = (plan: WaitingPlan) => `${plan.name} с ${dayAndWait(plan.from, 'ru')}, на ${length(plan)}`;

export const ruPlan: Words['plan'] = {
  waiting: (plans) => [
    ...plans
      .slice(0, MOST_WAITING)
      .map((plan, index) => `${index === 0 ? 'Дальше' : 'Затем'}: ${stretch(plan)}.`),
    ...(plans.length > MOST_WAITING
      ? [`И после этого ещё ${ruCount(plans.length - MOST_WAITING, 'покупка', 'покупки', 'покупок')}.`]
      : []),
  ],
  grace: (tierName, until) =>
    `Оплаченное время закончилось. Тариф ${tierName} сохраняется без новых токенов и закончится ${untilMoment(until, 'ru')}; продлить — /upgrade.`,
  wouldWait: ({ tierName, presentName, begins, monthlyTokens, hasPacks }) => {
    const same = tierName === presentName;
    const what = same
      ? `У вас уже есть ${tierName}. Ещё один месяц`
      : `У вас ${presentName}. Месяц ${tierName}`;
    const now = hasPacks ? 'Пакет начисляется сразу.\nИли начните месяц сейчас' : 'Начните месяц сейчас';
    const move = same ? '' : `ваш тариф станет ${tierName}, а `;
    return [
      `${what} начнётся ${dayAndWait(begins, 'ru')}; токены придут тогда же, не сегодня.`,
      '',
      `Нужны токены сейчас? ${now}: ${tokens(monthlyTokens)} сразу, но ${move}остаток нынешнего месяца тем временем пройдёт.`,
    ].join('\n');
  },
  startNow: 'Начать сейчас',
  startAfter: (begins) => `С ${dayOf(begins, 'ru')}`,
  bought: (plan) => `Ваша покупка: ${stretch(plan)}; токены придут тогда же.`,
  renewal: (name, until, state) => {
    const when = dayAndWait(until, 'ru');
    if (state === 'active') return `${name} продлится ${when}.`;
    if (state === 'failed') return `${name} не продлён: Telegram не смог списать оплату. Закончится ${when}.`;
    const where =
      state === 'canceled' ? ' Возобновить можно в настройках Telegram, раздел «Мои звёзды».' : '';
    return `${name} не продлевается; закончится ${when}.${where}`;
  },
  renewalChanged: (state, name, until) => {
    const ends = until === undefined ? '' : ` Тариф закончится ${dayAndWait(until, 'ru')}.`;
    if (state === 'active') return `${name} снова продлевается.`;
    if (state === 'failed')
      return `Telegram не смог списать оплату за следующий месяц ${name}.${ends} Чтобы сохранить тариф, пополните звёзды или купите месяц в /upgrade.`;
    return `Вы отменили подписку на ${name}: больше ничего не спишется.${ends} Возобновить её можно в настройках Telegram, раздел «Мои звёзды».`;
  },
  renewalUnchanged: (name) =>
    `Telegram не изменил продление ${name}. Попробуйте ещё раз или сделайте это в настройках Telegram, раздел «Мои звёзды».`,
  noRenewal: (name) => `Подписки на ${name} у вас сейчас нет.`,
  willEnd: (name, next) => `Подписка на ${name} больше не продлится, как только вы оплатите ${next}.`,
  stillRenews: (name) =>
    `⚠️ Подписка на ${name} всё ещё продлевается: я не смог её отменить. Отмените её в настройках Telegram, раздел «Мои звёзды», или в /upgrade.`,
};
