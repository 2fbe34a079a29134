/**
 * `npm start`, `npm run bot`, `npm run demo`: installs what is missing, builds what changed, then becomes the program
 * named first, in this same process: every further Node costs a tenth of the time that a start may take, and a signal
 * to npm's child reaches the program itself.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled({ withDev: false });
const [program, ...args] = process.argv.slice(2);
const file = fileURLToPath(new URL(`../dist/${program}.js`, import.meta.url));
// Imported only now, since what it needs may just have been installed.
await import('./build.mjs');
process.argv = [process.argv[0], file, ...args];
await import(pathToFileURL(file).href);
