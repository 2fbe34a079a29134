/**
 * `npm start`, `npm run bot`, `npm run demo`: installs what is missing, builds what changed of the program named first,
 * then becomes that program, in this same process: every further Node costs a tenth of the time that a start may take,
 * and a signal to npm's child reaches the program itself.
 */
import { pathToFileURL } from 'node:url';
import { builtFor } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled({ withDev: false });
const [program, ...args] = process.argv.slice(2);
const file = await builtFor(program);
process.argv = [process.argv[0], file, ...args];
await import(pathToFileURL(file).href);
