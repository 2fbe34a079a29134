#!/usr/bin/env node
/**
 * `npx farebox`: installs what is missing, builds what changed, then becomes the command in this same process. What those
 * two say is no part of the command's answer.
 */
import { pathToFileURL } from 'node:url';
import { builtFor } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

const { log } = console;
console.log = console.error;
ensureInstalled({ withDev: false });
const file = await builtFor('cli/src/main');
console.log = log;
await import(pathToFileURL(file).href);
