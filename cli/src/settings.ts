import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, readEnvironment, SettingsReader } from '../../common/src/settings.js';
import { UsageError } from './usage-error.js';

export interface Settings {
  url: string;
  /** What says so. */
  urlFrom: string;
  apiKey: string | undefined;
  keyFrom: string;
  environment: Environment;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Where the service is and with which key it is asked. No value of a key is ever repeated. */
export function readSettings(environment: Environment = readEnvironmentHere()): Settings {
  const reader = new SettingsReader(environment);
  const port = reader.text('PORT', '3000');
  const given = reader.optional('FAREBOX_URL');
  const url = (given ?? `http://127.0.0.1:${/^\d{1,5}$/.test(port) ? port : 3000}`).replace(/\/+$/, '');
  return {
    url: checked(url),
    urlFrom: given ? 'FAREBOX_URL' : 'FAREBOX_URL is not set, so this machine’s',
    ...keyOf(reader, url),
    environment,
  };
}

function readEnvironmentHere(): Environment {
  try {
    return readEnvironment();
  } catch {
    throw new UsageError('The file .env of this folder cannot be read.');
  }
}

function checked(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.search || parsed.hash)
    throw new UsageError('FAREBOX_URL must be an address such as https://billing.example.com');
  if (parsed.username || parsed.password)
    throw new UsageError('FAREBOX_URL must not hold a password; the key goes into FAREBOX_API_KEY.');
  return url;
}

/**
 * A service on this machine that was started in this folder has its admin's key here: in the setting, or in the file that
 * its first start made. It is never sent to another machine.
 */
function keyOf(reader: SettingsReader, url: string): { apiKey: string | undefined; keyFrom: string } {
  const own = reader.optional('FAREBOX_API_KEY');
  if (own) return { apiKey: checkedKey(own, 'FAREBOX_API_KEY'), keyFrom: 'FAREBOX_API_KEY' };
  if (LOOPBACK.test(new URL(url).hostname)) {
    const setting = reader.optional('ADMIN_API_KEY');
    if (setting) return { apiKey: checkedKey(setting, 'ADMIN_API_KEY'), keyFrom: 'ADMIN_API_KEY' };
    const file = join(reader.text('DATA_DIR', './data'), 'admin-key');
    const kept = textOf(file);
    if (kept) return { apiKey: checkedKey(kept, file), keyFrom: file };
  }
  return { apiKey: undefined, keyFrom: 'not set' };
}

function checkedKey(key: string, name: string): string {
  if (/^[!-~]{1,512}$/.test(key)) return key;
  throw new UsageError(`${name} is no key: one is made of letters and digits, without blanks.`);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
