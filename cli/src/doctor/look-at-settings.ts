import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { nearest } from '../input/nearest.js';
import type { Settings } from '../settings.js';
import { type Finding, finding } from './finding.js';

const LOOPBACK = /^https?:\/\/(localhost|127\.|\[::1\])/;
const EXAMPLE = new URL('../../../../.env.example', import.meta.url);
/** Each program judges its own settings, so that no rule is written twice. */
const JUDGES = {
  'The service’s settings': 'billing-service/src/judge-settings.js',
  'The bot’s settings': 'bot-client/src/judge-settings.js',
};
/** Where a program may have been built: beside this one, or by itself. */
const OUTPUTS = ['../../..', '../../../../dist', '../../../../dist-service', '../../../../dist-bot'];
const PATIENCE_MS = 30_000;

export function lookAtAddress({ url, urlFrom }: Settings): Finding[] {
  const isOpen = url.startsWith('http:') && !LOOPBACK.test(url);
  return [
    isOpen
      ? finding(
          'address',
          'warn',
          `${url} is not encrypted: the key goes over the network as it is. Use https.`,
        )
      : finding('address', 'ok', `${url} (${urlFrom}).`),
  ];
}

/** The `.env` of the folder this runs in, if there is one. */
export async function lookAtDotEnv({ environment }: Settings): Promise<Finding[]> {
  if (!existsSync('.env')) return [];
  const names = [...readFileSync('.env', 'utf8').matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/gm)].map(
    ([, name = '']) => name,
  );
  const asked = Object.entries(JUDGES).filter(
    ([what]) => !what.includes('bot’s') || environment.TELEGRAM_BOT_TOKEN,
  );
  const judged = await Promise.all(asked.map(([what, file]) => judge(what, file)));
  return [...judged.flat(), ...misspelt(names), ...openToOthers()];
}

async function judge(what: string, file: string): Promise<Finding[]> {
  const places = OUTPUTS.map((output) => fileURLToPath(new URL(`${output}/${file}`, import.meta.url)));
  const program = places.find((place) => existsSync(place));
  if (program === undefined)
    return [finding('.env', 'ok', `${what} are checked by its start, which has not been here yet.`)];
  try {
    await promisify(execFile)(process.execPath, [program], { timeout: PATIENCE_MS });
    return [finding('.env', 'ok', `${what} are valid.`)];
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    const faults = stdout.split('\n').filter(Boolean);
    if (faults.length === 0) return [finding('.env', 'warn', `${what} could not be checked.`)];
    return faults.map((fault) => finding('.env', 'bad', fault));
  }
}

/** A name that nothing reads is a setting that somebody believes in. */
function misspelt(names: string[]): Finding[] {
  if (!existsSync(EXAMPLE)) return [];
  const known = [...readFileSync(EXAMPLE, 'utf8').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name = '']) => name);
  const all = [...known, 'FAREBOX_URL', 'FAREBOX_API_KEY'];
  return names
    .filter((name) => !all.includes(name))
    .flatMap((name) => {
      const near = nearest(name.toUpperCase(), all);
      return near ? [finding('.env', 'warn', `${name} is no setting. Is it ${near}?`)] : [];
    });
}

function openToOthers(): Finding[] {
  const isOpen = process.platform !== 'win32' && (statSync('.env').mode & 0o044) !== 0;
  return isOpen ? [finding('.env', 'warn', 'Others on this machine can read its keys: chmod 600 .env')] : [];
}
