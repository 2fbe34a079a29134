import type { enFigures } from './en-figures.js';

export const ruFigures: typeof enFigures = {
  refusals: 'Отказы',
  nobodyRefused: 'Никому не отказано.',
  refusalsKept: 'По часам, хранится 30 дней, отстаёт на несколько секунд.',
  hour: 'Час',
  times: 'Раз',
  why: 'Почему',
  anyReason: 'Любая',
  refusalCodes: {
    'rate-limited': 'лимит',
    'insufficient-tokens': 'мало токенов',
    'user-blocked': 'заблокирован',
    'too-many-open-reservations': 'много резервов',
  },
  denied: (why) => `Отказы: ${why}`,
  usersWere: (users) => `пользователей ${users}`,
  soldBy: 'Продано по дням и товарам',
  soldMoney: 'Продано',
  salesUtc: 'Дни и месяцы — по UTC. Возвращённое входит в сумму и показано рядом.',
  refundedMoney: 'Возвращено',
  payers: 'Плательщиков',
  salesBy: { day: 'День', month: 'Месяц', provider: 'Провайдер', currency: 'Валюта', product: 'Товар' },
  chargedBy: (what) => `Списано токенов, по: ${what}`,
  asAWeekAgo: 'Бледным — неделю назад.',
};
