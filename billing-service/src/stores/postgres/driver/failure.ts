import { UnavailableError } from '../../../domain/ports/unavailable-error.js';

/**
 * SQLSTATE classes and codes that blame the server, not the statement: connection, resources, shutdown, read-only, or a
 * database that lets nobody in, or no longer lets this one go on.
 */
const AWAY = /^(08...|53...|57014|57P0[1-5]|25006|25P03|28...|3D000|55000)$/;
/** Those after which a connection is no more, or no good: one made while the database only read may go on only reading. */
const LOST = /^(08...|57P0[1-5]|25006|25P03)$/;
/** Longer than lock_timeout. */
const LOCKED = '55P03';
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

/** A row is held by somebody else, and was not waited for any longer: nothing was done. */
export class LockedError extends UnavailableError {
  override readonly name = 'LockedError';
}

/** The SQLSTATE or system code of a driver's error, also where a library wrapped it. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : errorCode(error.cause);
}

/** The connection is gone, or has gone silent: nothing more can be said on it. */
export function isLost(error: unknown): boolean {
  const code = errorCode(error);
  return code ? LOST.test(code) || SOCKET.has(code) : isOfDriver(error, DRIVER);
}

/** The server was asked and did not answer in time. */
export const isSilence = (error: unknown): boolean =>
  errorCode(error) === undefined && isOfDriver(error, /timeout/i);

const isOfDriver = (error: unknown, pattern: RegExp): boolean =>
  error instanceof Error && (pattern.test(error.message) || pattern.test(String(error.cause)));

/** Turns "the database is away" into UnavailableError; anything else comes back as it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof UnavailableError) return error;
  // Drizzle wraps what it is told, too.
  if (error instanceof Error && error.cause instanceof UnavailableError) return error.cause;
  const code = errorCode(error);
  if (code === LOCKED) return new LockedError('a row is locked elsewhere', { cause: error });
  const away = code ? AWAY.test(code) || SOCKET.has(code) : isOfDriver(error, DRIVER);
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
