/**
 * The client as a package of its own, in dist/client: `import` and `require`, each with its types, and one dependency.
 * The build of the project needs only the code; `scripts/prepare.mjs` makes the types, too.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const USUAL_HOME = join(ROOT, 'dist/client');
const ROOM = 'bot-client/src/billing';
const FORMS = { esm: 'module', cjs: 'commonjs' };

/** Of the project's own build. */
export const CLIENT_FILES = Object.keys(FORMS).map((form) => `client/${form}/index.js`);

/** By form; the project's own package.json says the same of `farebox/billing-client`. */
const EXPORTS = Object.fromEntries(
  Object.entries({ import: 'esm', require: 'cjs' }).map(([way, form]) => [
    way,
    { types: `./${form}/${ROOM}/index.d.ts`, default: `./${form}/index.js` },
  ]),
);

export async function buildClient(home = USUAL_HOME) {
  const { build } = await import('esbuild');
  mkdirSync(home, { recursive: true });
  for (const [form, type] of Object.entries(FORMS)) {
    await build({
      absWorkingDir: ROOT,
      entryPoints: [`${ROOM}/index.ts`],
      outfile: join(home, form, 'index.js'),
      bundle: true,
      packages: 'external',
      format: form,
      platform: 'node',
      target: 'node20',
      logLevel: 'error',
    });
    // Says how Node and TypeScript are to read what lies beside it.
    writeFileSync(join(home, form, 'package.json'), `${JSON.stringify({ type })}\n`);
  }
}

/** The declarations of the room and what it imports, once for each form; left out where the compiler is not installed. */
async function buildTypes(home) {
  const { default: ts } = await import('typescript').catch(() => ({}));
  if (!ts) return console.log('The client’s types are left out: typescript is not installed.');
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [`${ROOM}/index.ts`] },
    ts.sys,
    ROOT,
  );
  const program = ts.createProgram([join(ROOT, ROOM, 'index.ts')], {
    ...options,
    ...{ incremental: false, tsBuildInfoFile: undefined, declaration: true, emitDeclarationOnly: true },
    ...{ noEmit: false, sourceMap: false, outDir: join(home, 'esm') },
  });
  const { diagnostics } = program.emit();
  if (diagnostics.length > 0)
    throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
  cpSync(join(ROOT, ROOM, 'schema.d.ts'), join(home, 'esm', ROOM, 'schema.d.ts'));
  cpSync(join(home, 'esm'), join(home, 'cjs'), {
    recursive: true,
    filter: (file) => !/esm\/(index\.js|package\.json)$/.test(file),
  });
}

function writeManifest(home) {
  const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const manifest = {
    name: 'farebox-client',
    version: root.version,
    description: 'Client of Farebox: hold tokens, do the work, charge or give back',
    license: root.license,
    type: 'module',
    // undici's.
    engines: { node: '>=20.18.1' },
    exports: { '.': EXPORTS },
    dependencies: { undici: root.dependencies.undici },
  };
  writeFileSync(join(home, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(ROOT, 'docs/client.md'), join(home, 'README.md'));
  cpSync(join(ROOT, 'LICENSE'), join(home, 'LICENSE'));
}

/** All that is in the package. */
export async function buildPackage(home = USUAL_HOME) {
  await buildClient(home);
  await buildTypes(home);
  writeManifest(home);
}
