import type { CodeWords } from './code-words.js';
import { ru, ruCount } from './plural.js';
import { inSeconds } from './relative-time.js';

export const ruCode: CodeWords = {
  ask: 'Напишите код после команды, например: /code MAY-K7PX-M4QT-9WVHN.',
  redeemed: (granted, available) =>
    `🎁 Начислено: ${ruCount(granted, 'токен', 'токена', 'токенов')}. Сейчас у вас ${ru(available)}.`,
  unknown: 'Такого кода нет. Проверьте его и пришлите ещё раз; регистр букв и дефисы не важны.',
  used: {
    byUser: 'Вы уже использовали этот код; токены были начислены тогда.',
    byOthers: 'Этот код уже использован.',
  },
  expired: 'Срок действия этого кода истёк.',
  wait: (seconds) => `Слишком много неверных кодов. Попробуйте ${inSeconds(seconds, 'ru')}.`,
};
