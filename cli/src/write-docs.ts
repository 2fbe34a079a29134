/** `npm run cli:docs`: writes docs/cli.md from the table of commands. A test compares. */
import { writeFileSync } from 'node:fs';
import { pageOfCommands } from './page-of-commands.js';

writeFileSync(new URL('../../../docs/cli.md', import.meta.url), pageOfCommands());
