/** The end: stop accepting, finish what is in flight, flush, exit 0, within 10 seconds. */
import type { FastifyInstance } from 'fastify';

/** What is in flight gets this long; then its connections are cut. */
const FINISH_MS = 7_000;
/** What still hangs after that is left behind. */
const EXIT_MS = 9_000;
const SWEEP_IDLE_MS = 50;
/** npm passes a group's signal on, so one Ctrl-C arrives twice within a millisecond: only a later one means "now". */
const AGAIN_MS = 1_000;

/** `close` ends all but the app. */
export function onSignals(stop: () => Promise<void>): void {
  let firstAt: number | undefined;
  const handle = () => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      setTimeout(() => process.exit(0), EXIT_MS).unref();
      void stop().then(
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

/** Closes the app's listener and waits for its requests; a connection that is kept alive but idle is no request. */
export async function drain(app: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_IDLE_MS);
  const cut = setTimeout(() => app.server.closeAllConnections(), FINISH_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
