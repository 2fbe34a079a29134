const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const formats = {
  en: new Intl.RelativeTimeFormat('en', { numeric: 'always' }),
  ru: new Intl.RelativeTimeFormat('ru', { numeric: 'always' }),
};

/** "in 3 minutes", "через 3 минуты": the reader's clock and the server's need not agree. Rounded up, never "in 0". */
export function inSeconds(seconds: number, lang: 'en' | 'ru'): string {
  const whole = Math.max(1, Math.ceil(seconds));
  const [unit, size] = UNITS.find(([, length]) => whole >= length) ?? UNITS[3];
  return formats[lang].format(Math.ceil(whole / size), unit);
}

/** The same for a moment given as ISO text. */
export function untilMoment(iso: string, lang: 'en' | 'ru', nowMs = Date.now()): string {
  return inSeconds((Date.parse(iso) - nowMs) / 1000, lang);
}
