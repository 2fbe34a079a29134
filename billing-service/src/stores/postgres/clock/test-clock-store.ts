import type { Author } from '../../../domain/ports/audit-log.js';
import type { Bus } from '../../../domain/ports/bus.js';
import type { OffsetClock } from '../../../domain/ports/clock.js';
import { insertAuditLine } from '../audit-log/audit-rows.js';
import type { Database } from '../driver/database.js';

const KEY = 'test_clock_offset_ms';
/** In case the bus lost the message, or there is no bus between two instances. */
const POLL_MS = 500;

/** The test clock's offset in the database: all instances share it, and it survives a restart. */
export class TestClockStore {
  readonly #database: Database;
  readonly #clock: OffsetClock;
  readonly #bus: Bus;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, clock: OffsetClock, bus: Bus) {
    this.#database = database;
    this.#clock = clock;
    this.#bus = bus;
    bus.subscribe((event) => {
      if (event.kind === 'clock' || event.kind === 'all') void this.#read().catch(() => {});
    });
  }

  /** Reads the offset now and keeps following it. */
  async follow(): Promise<void> {
    await this.#read();
    this.#timer = setInterval(() => void this.#read().catch(() => {}), POLL_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async advance(seconds: number, author: Author): Promise<number> {
    const value = await this.#database.transaction(async (tx) => {
      const [row] = await tx.query<{ value: string }>(
        `insert into settings (key, value) values ($1, $2)
         on conflict (key) do update set value = (settings.value::bigint + excluded.value::bigint)::text
         returning value`,
        [KEY, String(seconds * 1000)],
      );
      if (seconds > 0) await insertAuditLine(tx, author, { userId: null, ...moved(seconds, row?.value) });
      return row?.value;
    });
    this.#set(value);
    this.#bus.publish({ kind: 'clock' });
    return this.#clock.now();
  }

  async #read(): Promise<void> {
    const [row] = await this.#database.query<{ value: string }>('select value from settings where key = $1', [
      KEY,
    ]);
    this.#set(row?.value);
  }

  /** Only ever forwards: an answer that was read before a later move must not take it back. */
  #set(value: string | undefined): void {
    this.#clock.offsetMs = Math.max(this.#clock.offsetMs, Number(value ?? 0));
  }
}

const moved = (seconds: number, value: string | undefined) => {
  const aheadSeconds = Number(value ?? 0) / 1000;
  const before = { aheadSeconds: aheadSeconds - seconds };
  return { target: null, reason: null, before, after: { aheadSeconds } };
};
