import { readEnvironment, SettingsError } from './settings.js';

/** Says what is wrong with a program's settings, a line each, and ends with 1; `read` is how that program reads them. */
export function judgeSettings(read: (environment: ReturnType<typeof readEnvironment>) => unknown): void {
  try {
    read(readEnvironment());
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stdout.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
