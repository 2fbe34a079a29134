import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnConnection } from './database.js';

/** Any number, the same in every instance: who holds it migrates, the others wait and then find nothing to do. */
const MIGRATION_LOCK = 7_203_415;
const POLL_MS = 250;
const MIN_REST_MS = 1_000;
const MAX_REST_MS = 10_000;
const TELL_EVERY_MS = 5_000;
/** Longer than any migration we would write; by then somebody has to look. */
const MAX_WAIT_MS = 60 * 60_000;

/** Waits in short steps, and says for what and how long: a start that seems to hang would be killed. */
export class MigrationPatience {
  readonly #tell: (message: string) => void;
  readonly #since = performance.now();
  #toldAt = Number.NEGATIVE_INFINITY;
  #restMs = MIN_REST_MS;

  constructor(tell: (message: string) => void) {
    this.#tell = tell;
  }

  /** Longer from time to time: each try held up those who use the table, and they work meanwhile. */
  async rest(reason: string): Promise<void> {
    const ms = this.#restMs;
    this.#restMs = Math.min(2 * ms, MAX_REST_MS);
    await this.wait(reason, ms);
  }

  async wait(reason: string, ms = POLL_MS): Promise<void> {
    const now = performance.now();
    const seconds = Math.round((now - this.#since) / 1000);
    if (now - this.#since > MAX_WAIT_MS) throw new Error(`${reason}: given up after ${seconds} s`);
    if (now - this.#toldAt >= TELL_EVERY_MS) {
      this.#toldAt = now;
      this.#tell(`the migration waits: ${reason} (${seconds} s so far)`);
    }
    await sleep(ms);
  }
}

/**
 * Does the work in a transaction that holds the lock, or waits a moment where somebody else has it; then there may be
 * nothing left to do. The lock is the transaction's, not the session's, so that it holds behind a transaction pooler too,
 * and it is asked for, never waited for: who waits within a statement can keep an index from being built.
 */
export async function inTurn(
  connection: OwnConnection,
  patience: MigrationPatience,
  work: () => Promise<void>,
): Promise<void> {
  await connection.query('begin');
  let isMine = false;
  try {
    isMine = await takeTurn(connection);
    if (isMine) await work();
  } catch (error) {
    // Closing the connection would undo it too; what failed is what matters.
    await connection.query('rollback').catch(() => {});
    throw error;
  }
  await connection.query('commit');
  if (!isMine) await patience.wait('another instance has its turn at the tables');
}

async function takeTurn(connection: OwnConnection): Promise<boolean> {
  // The holder of the turn does nothing by itself while another connection works.
  await connection.query('set local idle_in_transaction_session_timeout = 0');
  const [answer] = await connection.query<{ taken: boolean }>(
    `select pg_try_advisory_xact_lock(${MIGRATION_LOCK}) as taken`,
  );
  return answer?.taken === true;
}
