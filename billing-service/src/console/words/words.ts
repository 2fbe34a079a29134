import type { Locale } from '../formats.js';
import { en } from './en.js';
import { ru } from './ru.js';

/** Every text of the console, in each language. */
export type Words = typeof en;

export const WORDS: Record<Locale, Words> = { en, ru };

/** The word for a name that comes from outside; the name itself where there is none. */
export const wordFor = (words: Readonly<Record<string, string>>, name: string): string =>
  (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;

/** The first language of Accept-Language that the console has; English where it names none. */
export function preferredLocale(acceptLanguage: string | undefined): Locale {
  const wishes = (acceptLanguage ?? '').split(',').map((part, place) => {
    const [tag = '', ...parameters] = part.trim().split(';');
    const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
    return {
      tag: tag.slice(0, 2).toLowerCase(),
      weight: quality ? Number(quality.trim().slice(2)) : 1,
      place,
    };
  });
  wishes.sort((a, b) => b.weight - a.weight || a.place - b.place);
  const found = wishes.find(({ tag, weight }) => tag in WORDS && weight > 0);
  return (found?.tag ?? 'en') as Locale;
}
