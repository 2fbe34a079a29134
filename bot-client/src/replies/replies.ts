import { enWords } from './en.js';
import { ruWords } from './ru.js';
import type { Lang, Words } from './words.js';

export const LANGS: readonly Lang[] = ['en', 'ru'];
const BY_LANG: Record<Lang, Words> = { en: enWords, ru: ruWords };

export function wordsFor(lang: Lang): Words {
  return BY_LANG[lang];
}

/** What a person chose goes before what their Telegram is set to. */
export function langOf(chosen: Lang | undefined, languageCode: string | undefined): Lang {
  return chosen ?? (languageCode?.toLowerCase().startsWith('ru') ? 'ru' : 'en');
}
