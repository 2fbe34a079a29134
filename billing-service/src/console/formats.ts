/** Numbers, times and money as the operator's language writes them, in the operator's time zone. */
export type Locale = 'en' | 'ru';

/** Some that operators live in; each is a whole hour away from UTC, as usage is told by whole hours. */
export const ZONES = [
  ...[
    'UTC',
    'Europe/London',
    'Europe/Berlin',
    'Europe/Kyiv',
    'Europe/Moscow',
    'Asia/Dubai',
    'Asia/Yekaterinburg',
  ],
  ...[
    'Asia/Almaty',
    'Asia/Novosibirsk',
    'Asia/Singapore',
    'Asia/Tokyo',
    'America/New_York',
    'America/Los_Angeles',
  ],
];

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
/** Payments have the smallest unit of a currency; these have none below the whole. */
const WHOLE = new Set(['XTR', 'JPY', 'KRW', 'VND', 'CLP']);

export class Formats {
  readonly locale: Locale;
  readonly zone: string;
  readonly #now: () => number;

  constructor(locale: Locale, zone: string, now: () => number) {
    this.locale = locale;
    this.zone = zone;
    this.#now = now;
  }

  number(value: number): string {
    return value.toLocaleString(this.locale);
  }

  /** With its sign, and a minus that is as wide as a plus. */
  signed(value: number): string {
    if (value === 0) return '0';
    return `${value > 0 ? '+' : '−'}${this.number(Math.abs(value))}`;
  }

  money(amount: number, currency: string): string {
    return `${this.number(WHOLE.has(currency) ? amount : amount / 100)} ${currency}`;
  }

  time(iso: string): string {
    return new Date(iso).toLocaleString(this.locale === 'en' ? 'en-GB' : this.locale, {
      ...{ timeZone: this.zone, day: 'numeric', month: 'short', year: 'numeric' },
      ...{ hour: '2-digit', minute: '2-digit' },
    });
  }

  /** `14:00`. */
  clock(iso: string): string {
    const parts = { timeZone: this.zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    return new Date(iso).toLocaleTimeString(this.locale, parts);
  }

  day(iso: string): string {
    return new Date(iso).toLocaleDateString(this.locale === 'en' ? 'en-GB' : this.locale, {
      ...{ timeZone: this.zone, day: 'numeric', month: 'short', year: 'numeric' },
    });
  }

  /** `in 5 days`, `3 minutes ago`. */
  fromNow(iso: string): string {
    const seconds = (Date.parse(iso) - this.#now()) / 1000;
    const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
    const format = new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' });
    return format.format(Math.round(seconds / length), unit);
  }

  /** `60 s`, `24 h`. */
  length(seconds: number): string {
    const [unit, size] = UNITS.find(([, length]) => seconds >= length && seconds % length === 0) ?? [
      'second',
      1,
    ];
    return (seconds / size).toLocaleString(this.locale, { style: 'unit', unit, unitDisplay: 'short' });
  }
}
