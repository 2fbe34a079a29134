/** What the pages load: from this service only, under addresses that change with the content, so kept for good. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ICON } from '../http/docs/page.js';
import type { ConsoleReply, ConsoleRequest } from './exchange.js';

interface Asset {
  type: string;
  body: Buffer;
  gzipped: Buffer;
  href: string;
}

const require = createRequire(import.meta.url);
const STYLES = ['base', 'frame', 'forms', 'lists', 'user', 'figures'];
const own = (name: string) => readFile(new URL(`./assets/${name}`, import.meta.url));
const styles = async () => Buffer.concat(await Promise.all(STYLES.map((name) => own(`${name}.css`))));

const SOURCES = {
  'console.css': ['text/css; charset=utf-8', styles],
  'console.js': ['text/javascript; charset=utf-8', () => own('console.js')],
  'htmx.js': ['text/javascript; charset=utf-8', () => readFile(require.resolve('htmx.org/dist/htmx.min.js'))],
  'icon.svg': ['image/svg+xml', async () => Buffer.from(ICON)],
} as const satisfies Record<string, readonly [string, () => Promise<Buffer>]>;

export type AssetName = keyof typeof SOURCES;
export type Hrefs = Record<AssetName, string>;

const packed = promisify(gzip);

export async function readAssets(): Promise<Map<string, Asset>> {
  const entries = Object.entries(SOURCES).map(async ([name, [type, read]]) => {
    const body = await read();
    const version = createHash('sha256').update(body).digest('base64url').slice(0, 12);
    const asset = { type, body, gzipped: await packed(body), href: `/console/assets/${version}/${name}` };
    return [name, asset] as const;
  });
  return new Map(await Promise.all(entries));
}

/** `/console/assets/<version>/<name>`: an old version's address gets the present content, and does not keep it. */
export function sendAsset(assets: Map<string, Asset>, request: ConsoleRequest): ConsoleReply | null {
  const [, version, name = ''] = request.path;
  const asset = assets.get(name);
  if (!asset) return null;
  const isCurrent = asset.href.includes(`/${version}/`);
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(request.header('accept-encoding') ?? '');
  return {
    status: 200,
    headers: {
      'content-type': asset.type,
      'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(takesGzip ? { 'content-encoding': 'gzip' } : {}),
    },
    body: takesGzip ? asset.gzipped : asset.body,
  };
}
