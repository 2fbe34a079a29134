import { UnavailableError } from '../../../domain/ports/unavailable-error.js';

/**
 * SQLSTATE classes and codes that blame the server, not the statement: connection, resources, shutdown, read-only, or a
 * database that lets nobody in.
 */
const AWAY = /^(08...|53...|57P0[1-5]|25006|28...|3D000|55000)$/;
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
const DRIVER = /timeout|Connection terminated|not queryable|Cannot use a pool after|connection error/i;

/** The SQLSTATE or system code of a driver's error, also where a library wrapped it. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : errorCode(error.cause);
}

/** Turns "the database is away" into UnavailableError; anything else comes back as it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof UnavailableError) return error;
  const code = errorCode(error);
  const away = code
    ? AWAY.test(code) || SOCKET.has(code)
    : error instanceof Error && (DRIVER.test(error.message) || DRIVER.test(String(error.cause)));
  return away ? new UnavailableError('database unavailable', { cause: error }) : error;
}

/** For drizzle outside a transaction, which wraps the driver's errors: throws them as the stores' contract says. */
export async function orUnavailable<T>(query: PromiseLike<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw asFailure(error);
  }
}

/**
 * Deadlock, serialization failure, or a key that somebody else stored after we looked for it and before our insert. The
 * transaction did nothing; when it runs again, it sees what was in its way.
 */
export const mayRunAgain = (error: unknown): boolean => /^(40P01|40001|23505)$/.test(errorCode(error) ?? '');
