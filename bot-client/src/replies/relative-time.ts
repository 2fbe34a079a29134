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
const dayAndMonth = { day: 'numeric', month: 'long', timeZone: 'UTC' } as const;
const days = {
  en: new Intl.DateTimeFormat('en-GB', dayAndMonth),
  ru: new Intl.DateTimeFormat('ru-RU', dayAndMonth),
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

/** "13 February (in 78 days)", "13 февраля (через 78 дней)": far-off days are remembered by their date. With another year's. */
export function dayAndWait(iso: string, lang: 'en' | 'ru', nowMs = Date.now()): string {
  return `${dayOf(iso, lang, nowMs)} (${untilMoment(iso, lang, nowMs)})`;
}

/** "13 February", "13 февраля", or "13 February 2028" where that is another year. UTC, as the service counts. */
export function dayOf(iso: string, lang: 'en' | 'ru', nowMs = Date.now()): string {
  const isThisYear = iso.slice(0, 4) === new Date(nowMs).toISOString().slice(0, 4);
  const day = days[lang].format(new Date(iso));
  return isThisYear ? day : `${day} ${iso.slice(0, 4)}`;
}
