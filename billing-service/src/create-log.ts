/** The log: JSON lines, and in none of them what a caller sent. */
import { type Logger, pino } from 'pino';
import type { LogLevel } from './config.js';

/** SQLSTATE class 22: such a message quotes the value that did not fit. */
const QUOTES_VALUE = /^22/;
const FRAME = /^\s+at /;
const MAX_CAUSES = 5;

interface LoggedError {
  type: string;
  message: string;
  code?: string;
  /** Where in the database, by the names of our own tables. */
  table?: string;
  constraint?: string;
  stack?: string;
  cause?: LoggedError;
}

/** `destination` takes each line; stderr, so that stdout stays the banner. */
export function createLog(
  level: LogLevel,
  destination: { write(line: string): void } = process.stderr,
): Logger {
  return pino(
    {
      level,
      serializers: {
        err: loggedError,
        // By itself it has the whole path and all headers: references and keys.
        req: ({ method }: { method?: string }) => ({ method }),
        res: ({ statusCode }: { statusCode?: number }) => ({ statusCode }),
      },
    },
    destination,
  );
}

/**
 * What of an error may be logged: what kind, where, and what its maker says. Drivers' errors carry more: the values of
 * the statement (drizzle's `params`, in its message too), of the row (Postgres' `detail`), or of the command (Redis').
 */
export function loggedError(error: unknown, depth = 0): LoggedError | string {
  if (!(error instanceof Error)) return typeof error;
  const { code, table, constraint } = error as Error & Record<string, unknown>;
  const cause = error.cause !== undefined && depth < MAX_CAUSES ? loggedError(error.cause, depth + 1) : '';
  return {
    type: error.name,
    message: withoutValues(error.message, code),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof table === 'string' ? { table } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    stack: framesOf(error),
    ...(typeof cause === 'object' ? { cause } : {}),
  };
}

function withoutValues(message: string, code: unknown): string {
  if (typeof code === 'string' && QUOTES_VALUE.test(code)) return 'a value that the database cannot take';
  return message.split('\nparams:')[0] ?? '';
}

/** Without its first lines, which are the message again. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => FRAME.test(line))
    .join('\n');
}
