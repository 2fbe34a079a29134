/** The entry: settings, the database, and the rest of the program. */
import { setFlagsFromString } from 'node:v8';
import { readEnvironment, SettingsError } from '../../common/src/settings.js';
import { readConfig } from './config.js';
import { createLog } from './create-log.js';
import { openDatabase } from './open-stores.js';

// By default V8 lets the old generation grow to four times its live data before it collects it: up to 250 MB where 170
// are enough (docs/decisions/0011). Little of it is live, so it is cheap to collect more often.
setFlagsFromString('--heap-growing-percent=70');

// What this program writes is nobody else's to read.
process.umask(0o077);

try {
  const config = readConfig(readEnvironment());
  const log = createLog(config.logLevel);
  // What nobody caught leaves a state that nobody can vouch for: said as one line like any other, then the end. Nothing
  // acknowledged is lost by it.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ended by a failure that nothing was prepared for');
    process.exit(1);
  });
  // Other threads compile the embedded database for most of a second; meanwhile this one loads the HTTP side.
  const [database, { startService }] = await Promise.all([
    openDatabase(config, log),
    import('./start-service.js'),
  ]);
  await startService(config, log, database);
} catch (error) {
  // A wrong setting needs its name, not a stack.
  process.stderr.write(
    error instanceof SettingsError ? `${error.message}\n` : `${(error as Error).stack ?? error}\n`,
  );
  process.exit(1);
}
