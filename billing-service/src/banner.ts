import type { AdminKey } from './first-start.js';
import { DEMO_USER } from './first-start.js';

export interface Started {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  url: string;
  metricsUrl: string;
  /** Where the data is, in words without secrets. */
  stores: string;
  adminKey: AdminKey;
  /** Whether the demo user has tokens to try a reserve with. */
  demo: boolean;
}

/** What the start prints: plain lines, the last of which can be pasted into a shell. */
export function banner({ url, metricsUrl, stores, adminKey, demo }: Started): string {
  const lines = [
    `Farebox listens at ${url}`,
    `Try it in a browser: ${url}/docs`,
    `Console for operators: ${url}/console`,
    `Metrics: ${metricsUrl}/metrics`,
    `Data: ${stores}`,
    `Admin key: ${adminKeyLine(adminKey)}`,
  ];
  if (demo) {
    const body = JSON.stringify({ user: DEMO_USER, operation: 'chatgpt_message' });
    lines.push(
      'Reserve tokens for one message:',
      `curl -sS ${url}/tokens/reserve -H "Authorization: Bearer ${keyInShell(adminKey)}" -H 'Content-Type: application/json' -d '${body}'`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function adminKeyLine(key: AdminKey): string {
  if ('made' in key) return `${key.made} (shown once; kept in ${key.file})`;
  if ('setting' in key) return `the one in ${key.setting}`;
  return key.file ? `kept in ${key.file}` : 'made by an earlier start, elsewhere';
}

function keyInShell(key: AdminKey): string {
  if ('made' in key) return key.made;
  if ('setting' in key) return `$${key.setting}`;
  return key.file ? `$(cat ${quoted(key.file)})` : '$FAREBOX_KEY';
}

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;

/** How to reach a server that listens on `host` from the same machine. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host;
  return `http://${reachable.includes(':') && !reachable.startsWith('[') ? `[${reachable}]` : reachable}:${port}`;
}
