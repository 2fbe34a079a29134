import { readFileSync } from 'node:fs';

/** Of the package that this belongs to; dist/ lies beside its package.json. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
).version;
