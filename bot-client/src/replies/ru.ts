import { firstOf } from './first-of.js';
import { ru, ruCount } from './plural.js';
import { dayAndWait, inSeconds } from './relative-time.js';
import { ruCode } from './ru-code.js';
import { ruMoney } from './ru-money.js';
import { ruPlan } from './ru-plan.js';
import type { Words } from './words.js';

const tokens = (value: number) => ruCount(value, 'токен', 'токена', 'токенов');
const requests = (value: number) => ruCount(value, 'запрос', 'запроса', 'запросов');
const have = (available: number | undefined) =>
  available === undefined ? '' : ` Сейчас у вас ${ru(available)}.`;
const back = (count: number, available: number | undefined) => {
  if (count === 0) return 'Это ничего не стоило.';
  if (available === undefined) return 'Это ничего не стоит: удержанные токены скоро вернутся сами.';
  return `${ruCount(count, 'токен возвращён', 'токена возвращены', 'токенов возвращены')}.${have(available)}`;
};
const window = (seconds: number) => {
  if (seconds === 60) return 'в эту минуту';
  if (seconds === 3_600) return 'в этот час';
  return seconds === 86_400 ? 'сегодня' : `за ${ruCount(seconds, 'секунду', 'секунды', 'секунд')}`;
};
const every = (seconds: number) =>
  ({ 60: 'в минуту', 3600: 'в час', 86400: 'в день' })[seconds] ??
  `за ${ruCount(seconds, 'секунду', 'секунды', 'секунд')}`;

export const ruWords: Words = {
  lang: 'ru',
  menu: {
    start: 'Начать: что я умею',
    help: 'Команды и цены',
    chat: 'Задать вопрос',
    image: 'Нарисовать картинку',
    balance: 'Токены и тариф',
    upgrade: 'Тарифы и пакеты токенов',
    code: 'Ввести промокод',
    cancel: 'Остановить текущее',
    new: 'Новая тема',
    lang: 'Язык',
    forget: 'Забыть наш разговор',
    paysupport: 'Помощь с оплатой',
    terms: 'Условия',
  },
  buttons: {
    stop: '⏹ Стоп',
    retry: '🔁 Ещё раз',
    newTopic: '🆕 Новая тема',
    upgrade: '⭐ Тарифы и пакеты',
    join: '📣 Открыть канал',
    check: '✅ Я подписался',
    hideLine: 'Скрыть строку о стоимости',
    showLine: 'Показывать строку о стоимости',
    again: (prompt) => `▶️ Отправить снова: ${prompt}`,
    priced: (name, price) => `${name} · ${price}`,
    endRenewal: (name) => `Не продлевать ${name}`,
    resumeRenewal: (name) => `Снова продлевать ${name}`,
    subscribe: (stars) => `Подписаться · ⭐ ${ru(stars)} в месяц`,
  },
  basics: {
    start: (name) =>
      `Здравствуйте, ${name}! Напишите что угодно, и я отвечу. /image нарисует картинку.\n\nПод каждым ответом сказано, сколько он стоил, а если что-то не получилось, токены возвращаются сами.`,
    help: ({ chat, image }) =>
      `Просто пишите, или:\n/chat задать вопрос (${tokens(chat)})\n/image нарисовать картинку (${tokens(image)})\n/balance ваши токены\n/upgrade тарифы и пакеты\n/code ввести промокод\n/new новая тема\n/cancel остановить текущее\n/lang язык\n/forget удалить наш разговор\n/paysupport помощь с оплатой\n/terms условия`,
    unknown: 'Такой команды я не знаю. Все мои команды: /help.',
    unknownButton: 'Этой кнопки я больше не знаю.',
    textOnly: 'Я понимаю только текст. Напишите что угодно, и я отвечу, или /image нарисует по описанию.',
    unread: {
      photo: 'Картинку я не вижу; отвечаю только на ваши слова.',
      document: 'Файл я не открываю; отвечаю только на ваши слова.',
      sound: 'Послушать я не могу; отвечаю только на ваши слова.',
      other: 'Читаю только ваши слова; отвечаю на них.',
    },
    askImage: 'Что нарисовать? Опишите следующим сообщением, или /cancel.',
    askChat: 'Что вы хотите узнать? Просто напишите.',
    pickLang: 'На каком языке мне говорить?',
    langSet: 'Теперь я говорю по-русски.',
    newTopic: 'Начнём сначала: прежний разговор я больше не учитываю.',
    forgotten: 'Готово: наш разговор и сохранённые запросы забыты.',
    cancelled: 'Отменено.',
    nothingToCancel: 'Сейчас нечего отменять.',
    alreadyEnded: 'Это уже закончилось.',
    alreadyAtIt: 'Уже делаю.',
    terms:
      'Вы покупаете токены на ответы и картинки этого бота. Тариф действует оплаченное время, его токены — свой месяц. За неудачи плата не берётся. Вопросы об оплате: /paysupport.',
    paysupport: (contact) =>
      `Что-то не так с оплатой? Напишите ${contact ?? 'владельцу бота'}, укажите дату и сумму. Ответят вам там, а не в поддержке Telegram.`,
    tooManyWaiting: 'Пожалуйста, по очереди: я ещё занят тем, что вы прислали раньше.',
    lineHidden: 'Строка о стоимости скрыта. Вернуть её можно в /balance.',
    lineShown: 'Под каждым ответом снова будет его стоимость.',
    promptGone: 'Этого запроса у меня больше нет. Пришлите его ещё раз.',
    oops: 'У меня что-то сломалось. Плата не взята; попробуйте ещё раз.',
  },
  work: {
    thinking: '✍️ Пишу…',
    drawing: '🎨 Рисую…',
    stopping: 'Останавливаю',
    costLine: ({ cost, left, requests: more }) =>
      [
        tokens(cost),
        `осталось ${ru(left)}`,
        ...(more === undefined ? [] : [`ещё ${requests(more.remaining)} ${window(more.windowSeconds)}`]),
      ].join(' · '),
    stoppedFree: (available) => `Остановлено до первого слова, это ничего не стоило.${have(available)}`,
    ended: {
      stopped: '⏹ остановлено',
      length: '✂️ Длиннее один ответ не бывает. Напишите «продолжай», и я продолжу.',
      filter: '✂️ Здесь ответ обрезал фильтр самого ИИ.',
    },
    brokenOff: (count, available) => `⚠️ Здесь ответ оборвался. ${back(count, available)}`,
    filtered: (count, available) => `Отвечать на это отказался фильтр самого ИИ. ${back(count, available)}`,
    failed: (count, available) => `Увы, не получилось. ${back(count, available)}`,
    unsure: (count, available) =>
      `Telegram не подтвердил, что ответ дошёл до вас, поэтому плата не берётся. ${back(count, available)}`,
    interrupted: (count, available) =>
      `Меня перезапустили во время вашего запроса. ${back(count, available)}`,
    returned: (count, available) => `За неудавшийся запрос возвращено: ${tokens(count)}.${have(available)}`,
    serviceAway:
      'Сейчас не могу связаться со службой токенов, поэтому не начинаю. Плата не взята; попробуйте через минуту.',
    insufficient: ({ cost, available, deficit }) =>
      `Нужно ${tokens(cost)}, а у вас ${ru(available)}: не хватает ${ru(deficit)}.`,
    rateLimited: ({ limit, windowSeconds, retryAfter }) =>
      `Ваш тариф позволяет ${requests(limit)} ${every(windowSeconds)}. Следующий — ${inSeconds(retryAfter, 'ru')}.`,
    promptKept: 'Ваш запрос я сохранил и предложу снова, когда можно будет продолжить.',
    noPhotosHere: 'В этом чате картинки запрещены, поэтому я не рисовал. В личном чате со мной можно.',
    blocked: 'Оператор остановил ваш доступ. Плата не взята; к кому обратиться, скажет /paysupport.',
    tooManyOpen: 'Слишком много ваших запросов выполняется сразу. Подождите, пока что-нибудь закончится.',
  },
  money: ruMoney,
  plan: ruPlan,
  code: ruCode,
  admin: {
    grantUsage:
      'Так: /grant <пользователь> <сколько> [причина]\nили месяцы тарифа: /grant <пользователь> <тариф> [месяцев] [причина]',
    refundUsage: 'Так: /refund <пользователь> <номер платежа>',
    userUsage: 'Так: /user <пользователь>',
    granted: (user, amount, available) =>
      `${user}: ${amount > 0 ? '+' : ''}${tokens(amount)}, теперь ${ru(available)}.`,
    account: ({ available, reserved, spent }) =>
      `доступно ${ru(available)}, удержано ${ru(reserved)}, потрачено ${ru(spent)}`,
    gaveMonths: (user, tierName, months, plan) =>
      `${user}: ${tierName} на ${ruCount(months, 'месяц', 'месяца', 'месяцев')}, ${plan === undefined ? 'с этой минуты' : `с ${dayAndWait(plan.from, 'ru')}`}. Оплаченное сохраняется.`,
    noSuchPlan: (word, ids) => `Тарифа «${word}», который можно подарить, нет. Есть: ${ids.join(', ')}.`,
    refused: (why) => `Отказано: ${why}`,
    noSuchPayment: 'У этого пользователя нет платежа с таким номером.',
    refundDone: (user) => `Звёзды вернулись к ${user}; токены списываются.`,
    refusedErrand: (id, why) =>
      `⚠️ Служба не принимает ${id}: ${why}\nЗапись хранится и отправляется снова каждые десять минут. /errands покажет, что ждёт, /drop закончит.`,
    shutOut: (why) =>
      `⚠️ Служба не пускает бота: ${why}\nПлатежи хранятся, пока не пустит; проверьте BILLING_API_KEY.`,
    starsFound: (ids) =>
      `⚠️ В списке Telegram есть ${ruCount(ids.length, 'платёж или возврат', 'платежа или возврата', 'платежей или возвратов')}, о которых я не знал: ${firstOf(ids)}\nСообщаю службе. Что она ещё не приняла, покажет /errands.`,
    noErrands: 'Ничто не ждёт службу.',
    errand: (id, user, why) => `${id}\n${user}: ${why ?? 'отправляется'}`,
    moreErrands: (count) => `… и ещё ${ru(count)}.`,
    dropUsage: 'Так: /drop <имя, как его показывает /errands>',
    dropped: (id) => `${id}: закончено, больше не отправляется.`,
    noSuchErrand: 'Ничего с таким именем не ждёт; смотрите /errands.',
  },
};
