/** `npm run archive`: puts old months of the ledger into files, and checks such files. */
import { parseArgs } from 'node:util';
import { readEnvironment, SettingsError } from '../../common/src/settings.js';
import { readConfig } from './config.js';
import { createLog } from './create-log.js';
import { runArchive, runVerify } from './run-archive.js';

const USAGE = `npm run archive -- --before 2026-01 --to FOLDER   entries of before that month (UTC) go into files
npm run archive -- --verify FOLDER                those files are read to their ends, and compared`;

process.umask(0o077);

try {
  process.exitCode = await main();
} catch (error) {
  const isTold = error instanceof SettingsError || error instanceof TypeError;
  process.stderr.write(isTold ? `${error.message}\n` : `${(error as Error).stack ?? error}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { before, to, verify } = parseArgs({
    options: { before: { type: 'string' }, to: { type: 'string' }, verify: { type: 'string' } },
  }).values;
  const config = readConfig(readEnvironment());
  const run = {
    ...{ config, log: createLog(config.logLevel) },
    say: (line: string) => process.stdout.write(`${line}\n`),
  };
  if (verify !== undefined && before === undefined && to === undefined) return runVerify(run, verify);
  if (verify !== undefined || before === undefined || to === undefined) throw new SettingsError([USAGE]);
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(before) ? Date.parse(`${before}-01T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(month)) throw new SettingsError(['--before: a month such as 2026-01']);
  return runArchive(run, month, to);
}
