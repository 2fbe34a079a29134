/** The files of /docs: Swagger UI's own, as the package has them, and ours. Read and compressed when first asked for. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ICON, PAGE_CSS } from './page.js';
import { PAGE_SCRIPT } from './page-behaviour.js';

export interface PageFile {
  type: string;
  body: Buffer;
  gzipped: Buffer;
  /** Of the content: an address with it may be kept for good. */
  version: string;
}

const SWAGGER_UI = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static');
const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
const OURS: Record<string, string> = { 'page.js': PAGE_SCRIPT, 'page.css': PAGE_CSS, 'icon.svg': ICON };

export const PAGE_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', ...Object.keys(OURS)];

export async function readPageFile(name: string): Promise<PageFile> {
  const ours = OURS[name];
  const body = ours === undefined ? await readFile(join(SWAGGER_UI, name)) : Buffer.from(ours);
  return pageFile(TYPES[name.slice(name.lastIndexOf('.') + 1)] as string, body);
}

/** By another thread: the largest takes 50 ms. */
const compress = promisify(gzip);

export async function pageFile(type: string, body: Buffer): Promise<PageFile> {
  const version = createHash('sha256').update(body).digest('base64url').slice(0, 12);
  return { type, body, gzipped: await compress(body), version };
}
