const rules = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') };
const numbers = { en: new Intl.NumberFormat('en-US'), ru: new Intl.NumberFormat('ru-RU') };

/** `1,234`; in Russian `1 234`. */
export const en = (value: number): string => numbers.en.format(value);
export const ru = (value: number): string => numbers.ru.format(value);

/** `1 token`, `2 tokens`. */
export function enCount(value: number, one: string, many: string): string {
  return `${en(value)} ${rules.en.select(Math.abs(value)) === 'one' ? one : many}`;
}

/** `1 токен`, `2 токена`, `5 токенов`. */
export function ruCount(value: number, one: string, few: string, many: string): string {
  const form = rules.ru.select(Math.abs(value));
  return `${ru(value)} ${form === 'one' ? one : form === 'few' ? few : many}`;
}
