/** Says what is wrong with the service's settings, a line each, and starts nothing: `farebox doctor` asks it. */
import { readEnvironment, SettingsError } from '../../common/src/settings.js';
import { readConfig } from './config.js';

try {
  readConfig(readEnvironment());
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
}
