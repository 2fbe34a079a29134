/**
 * npm's `prepare`, so run before `npm pack` and where the project is installed from git: what a stranger's project gets,
 * the client and the command `farebox`.
 */
import { build } from './build.mjs';
import { buildPackage } from './build-client.mjs';
import { outputAlone } from './outputs.mjs';

await build(outputAlone('cli/src/main'));
await buildPackage();
// Its helper process would keep this one waiting.
await (await import('esbuild')).stop();
