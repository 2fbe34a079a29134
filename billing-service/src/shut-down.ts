/** The end: announce it, then stop accepting, finish what is in flight, flush, exit 0, within 8 seconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** What is in flight gets this long; then its connections are cut. */
const FINISH_MS = 6_000;
/** What still hangs after that is left behind. */
const EXIT_MS = 8_000;
const SWEEP_IDLE_MS = 50;
/** npm passes a group's signal on, so one Ctrl-C arrives twice within a millisecond: only a later one means "now". */
const AGAIN_MS = 1_000;

/**
 * Whether this instance is about to end. While it is, `/readyz` says so and every answer closes its connection, but
 * requests are served as before: whoever sends them needs a moment to look elsewhere.
 */
export class Departure {
  readonly #delayMs: number;
  #isAnnounced = false;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  readonly isAnnounced = (): boolean => this.#isAnnounced;

  /** `stop` ends all; what hangs is left behind. SIGINT comes from a person at a keyboard, and is not waited with. */
  onSignals(stop: () => Promise<void>): void {
    let firstAt: number | undefined;
    const handle = (signal: NodeJS.Signals) => {
      const now = performance.now();
      if (firstAt === undefined) {
        firstAt = now;
        const delayMs = signal === 'SIGTERM' ? this.#delayMs : 0;
        setTimeout(() => process.exit(0), delayMs + EXIT_MS).unref();
        this.#isAnnounced = true;
        void sleep(delayMs)
          .then(stop)
          .then(
            () => process.exit(0),
            () => process.exit(1),
          );
      } else if (now - firstAt >= AGAIN_MS) {
        process.exit(1);
      }
    };
    process.on('SIGTERM', handle);
    process.on('SIGINT', handle);
  }
}

/**
 * Closes the app's listener and waits for its requests; a connection that is kept alive but idle is no request. It is
 * closed right after the sockets were read: a request that has arrived by then is answered, and not cut off unread.
 */
export async function drain(app: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => setImmediate(() => app.server.closeIdleConnections()), SWEEP_IDLE_MS);
  const cut = setTimeout(() => app.server.closeAllConnections(), FINISH_MS);
  try {
    await new Promise((resolve) => setImmediate(resolve));
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
