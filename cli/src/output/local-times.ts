/** Times as they are on the wall here, with the zone's name. */
export class LocalTimes {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;

  constructor(zone = new Intl.DateTimeFormat().resolvedOptions().timeZone) {
    this.zone = zone;
    this.#format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hourCycle: 'h23' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
    });
  }

  /** 2026-11-28 05:52 CET */
  full(iso: string): string {
    return `${this.short(iso)} ${this.#parts(iso).timeZoneName}`;
  }

  /** Where the heading names the zone. */
  short(iso: string): string {
    const { year, month, day, hour, minute } = this.#parts(iso);
    return `${year}-${month}-${day} ${hour}:${minute}`;
  }

  /** To the second, for what is told as it happens. */
  exactly(iso: string): string {
    const { second, timeZoneName } = this.#parts(iso);
    return `${this.short(iso)}:${second} ${timeZoneName}`;
  }

  /** '' where there is none. */
  maybe(iso: string | null | undefined): string {
    return iso ? this.short(iso) : '';
  }

  /** when (Europe/Berlin) */
  heading(words: string): string {
    return `${words} (${this.zone})`;
  }

  /** Hours' sums can be put together to days only in zones that are off by whole hours. */
  get isOffByWholeHours(): boolean {
    return new Date().getTimezoneOffset() % 60 === 0;
  }

  #parts(iso: string): Record<string, string> {
    const parts = this.#format.formatToParts(new Date(iso));
    return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  }
}
