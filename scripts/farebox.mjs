#!/usr/bin/env node
/**
 * `npx farebox`: installs what is missing, builds what changed, then becomes the command in this same process. What those
 * two say is no part of the command's answer. As a package it is built already.
 */
import { existsSync } from 'node:fs';

const PACKED = new URL('../dist-cli/cli/src/main.js', import.meta.url);

/** In a clone, where the sources are. */
async function build() {
  const [{ pathToFileURL }, { builtFor }, { ensureInstalled }] = await Promise.all([
    import('node:url'),
    import('./build.mjs'),
    import('./ensure-installed.mjs'),
  ]);
  const { log } = console;
  console.log = console.error;
  ensureInstalled({ withDev: false });
  const file = pathToFileURL(await builtFor('cli/src/main'));
  console.log = log;
  return file;
}

const isClone = existsSync(new URL('build.mjs', import.meta.url));
await import((isClone ? await build() : PACKED).href);
