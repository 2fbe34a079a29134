/** 12,345 */
export const number = (value: number): string => value.toLocaleString('en-US');

/** +50, −5: what moved tokens. */
export const signed = (value: number): string => (value > 0 ? `+${number(value)}` : number(value));

/** The service counts in the smallest unit: 199000 RUB are 1,990.00. What Intl does not know (Telegram's XTR) is whole. */
export function money(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  const value = amount / 10 ** digits;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${value.toLocaleString('en-US', options)} ${currency}`;
}

function digitsOf(currency: string): number {
  if (!Intl.supportedValuesOf('currency').includes(currency)) return 0;
  return (
    new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
    2
  );
}

/** 45 s, 3 min, 2 h 5 min */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = count / 1_000;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `1 user`, `2 users` */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;
