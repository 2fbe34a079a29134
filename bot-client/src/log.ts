/** Logs one line per fact to stdout, without the settings' secrets, no matter how they got into a message. */
export interface Log {
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** A bot token may also come inside an address, so its shape is left out wherever it appears. */
const TOKEN_SHAPE = /\d{3,}:[\w-]{20,}/g;

/** The same text without these secrets. */
export function withoutSecrets(secrets: string[], text: string): string {
  const cleaned = secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
  return cleaned.replace(TOKEN_SHAPE, '[secret]');
}

export function createLog(
  secrets: string[],
  write: (line: string) => void = (line) => process.stdout.write(line),
): Log {
  const line = (level: string, message: string, fields: object = {}) => {
    const text = JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
    write(`${withoutSecrets(secrets, text)}\n`);
  };
  return {
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}

/** What of an error may be logged: its name and message, never the request that carried the user's text. */
export function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { error: String(error) };
  const { code, status, requestId } = error as { code?: unknown; status?: unknown; requestId?: unknown };
  return { error: `${error.name}: ${error.message}`, code, status, requestId };
}
