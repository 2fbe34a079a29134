import { createRequire } from 'node:module';

/** Of the package, which both programs are. */
export const { version: VERSION } = createRequire(import.meta.url)('../../../../package.json') as {
  version: string;
};
