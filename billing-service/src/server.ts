/** The entry: settings, the database, and the rest of the program. */
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { readConfig, readEnvironment, SettingError } from './config.js';
import { openDatabase } from './open-stores.js';

// By itself the old generation may grow to four times what lives in it before it is collected: moments of 250 MB where
// 170 serve (docs/decisions/0011). Little lives in it, so that collecting it more often is cheap.
setFlagsFromString('--heap-growing-percent=70');

try {
  const config = readConfig(readEnvironment());
  /** stderr, so that stdout stays the banner; no header is ever logged whole. */
  const log = pino({ level: config.logLevel, redact: ['req.headers.authorization'] }, process.stderr);
  // The embedded database is compiled by other threads for most of a second: meanwhile this one reads the HTTP side.
  const [database, { startService }] = await Promise.all([
    openDatabase(config, log),
    import('./start-service.js'),
  ]);
  await startService(config, log, database);
} catch (error) {
  // Whoever set it wrong needs the setting's name, not a stack.
  process.stderr.write(
    error instanceof SettingError ? `${error.message}\n` : `${(error as Error).stack ?? error}\n`,
  );
  process.exit(1);
}
