import type { Person } from '../fake-telegram/person.js';
import { userOf } from './town.js';

const MONTHS: Record<string, string> = {
  en: 'January|February|March|April|May|June|July|August|September|October|November|December',
  ru: 'января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря',
};
const DATES = new RegExp(`\\d+ (?:${Object.values(MONTHS).join('|')})(?: \\d{4})?`, 'g');

/** What differs from run to run: dates, how far away they are, and numbers of people and charges. */
export function steady(chat: string, { ann, chargeId }: { ann: Person; chargeId: string }): string {
  return (
    chat
      .replace(/(\/code )[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{5}/g, '$1CODE')
      .replace(DATES, 'DATE')
      .replace(/\b\d+ days?\b/g, 'N days')
      .replace(/\b\d+ (?:дня|дней|день)/g, 'N дней')
      // Thirty days are a month in some months.
      .replace(/\bfor (?:\d+ months?(?: and N days)?|N days)/g, 'for SOME TIME')
      .replace(/(?<= )на (?:\d+ месяц(?:а|ев)?(?: и N дней)?|N дней)/g, 'на ВРЕМЯ')
      .replaceAll(chargeId, 'CHARGE')
      .replaceAll(userOf(ann), 'telegram:N')
      .replaceAll(String(ann.id), 'N')
      .replace(/stx\d+_N/g, 'CHARGE')
      .replace(/tg:\d+:\d+/g, 'tg:BOT:UPDATE')
  );
}
