import { FolderInUseError } from '../../common/src/folder-lock.js';
import { readEnvironment, SettingsError } from '../../common/src/settings.js';
import { Farebot } from './bot.js';
import { checkSettings } from './check-settings.js';
import { type Config, readConfig, secretsOf } from './config.js';
import { createLog, errorFields, withoutSecrets } from './log.js';

const say = (line: string) => process.stdout.write(`${line}\n`);

// What this program writes is nobody else's to read.
process.umask(0o077);

async function main(): Promise<number> {
  let config: Config;
  try {
    config = readConfig(readEnvironment());
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 78;
  }
  if (process.argv.includes('--check'))
    return (await checkSettings(config, (line) => say(withoutSecrets(secretsOf(config), line)))) ? 0 : 1;
  const log = createLog(secretsOf(config));
  // An update that could not be written down must not be confirmed: Telegram sends it again to the next start.
  const onLost = (error: unknown) => {
    log.error('the journal cannot be written; ending, so that nothing is lost', errorFields(error));
    process.exit(74);
  };
  let bot: Farebot;
  try {
    bot = await Farebot.create(config, log, onLost);
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error;
    const way = 'stop it, or give this one a BOT_DATA_DIR of its own';
    process.stderr.write(`another bot runs with this folder (${error.folder}): ${way}\n`);
    return 75;
  }
  // By itself Node would print it whole, and with it what a request carried.
  process.on('uncaughtException', (error) => {
    log.error('ended by a failure that nothing was prepared for', errorFields(error));
    process.exit(70);
  });
  let askedAt = 0;
  const stop = () => {
    // One signal to the process group arrives twice; only a later one means "at once".
    if (askedAt > 0 && Date.now() - askedAt > 1_000) process.exit(130);
    if (askedAt > 0) return;
    askedAt = Date.now();
    bot.stop().then(
      () => process.exit(0),
      (error) => {
        log.error('the stop failed', errorFields(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    await bot.run();
  } catch (error) {
    log.error((error as Error).message);
    return 1;
  }
  // Stopping, or a webhook: the process lives as long as its sockets.
  return -1;
}

const code = await main();
if (code >= 0) process.exit(code);
