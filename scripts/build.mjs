/**
 * Turns TypeScript into JavaScript and copies the rest (.sql, .lua, pages) beside it; does nothing when no source changed.
 * A compiled file whose source is gone is removed: a deleted test must not go on running.
 * Types are only stripped (tsconfig's isolatedModules makes that safe): checking them takes twenty times as long, tells
 * a user who starts the service nothing, and is `npm run typecheck`, which .ci/run calls first.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildClient, CLIENT_FILES } from './build-client.mjs';
import { EVERYTHING, hasService, outputAlone } from './outputs.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
/** Laid by whichever output with the service is built first, for all of them. */
const EMPTY_CLUSTER = join(ROOT, 'dist/empty-cluster.version');
const COMPILED = /(?<!\.d)\.tsx?$/;
const COPIED = /\.(sql|lua|html|js|css|json|png|d\.ts)$/;
/** What changes the outcome without being a source. */
const TOOLS = [
  'scripts/build.mjs',
  'scripts/build-client.mjs',
  'scripts/outputs.mjs',
  'tsconfig.json',
  'package-lock.json',
];

/**
 * Packages of many small files: read as they are they took a third of a start, so their used parts go, with what they
 * need themselves, into a few shared chunks of the output. All others, and our own files, stay modules of their own.
 */
const GATHERED = [
  ...['typebox', 'drizzle-orm', 'prom-client', 'fastify', '@fastify/rate-limit', '@fastify/ajv-compiler'],
  '@fastify/fast-json-stringify-compiler',
];
/** Stays where it is though a gathered package asks for it: it starts files of its own. */
const LEFT = ['pino', '@electric-sql/pglite', 'pg', '@opentelemetry/api'];

/** Paths below `folder`, from `base`, of all its files. */
function filesBelow(base, folder) {
  if (!existsSync(join(base, folder))) return [];
  return readdirSync(join(base, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(base.length + 1));
}

/** What an output is made of, and what it must have. */
function lookAt(output) {
  const sources = output.rooms.flatMap((room) => filesBelow(ROOT, room));
  const compiled = sources.filter((file) => COMPILED.test(file));
  const copied = sources.filter((file) => COPIED.test(file));
  const expected = new Set([
    ...compiled.flatMap((file) => [file.replace(COMPILED, '.js'), file.replace(COMPILED, '.js.map')]),
    ...copied,
    ...(output === EVERYTHING ? CLIENT_FILES : []),
  ]);
  const folder = join(ROOT, output.folder);
  const print = fingerprint([...compiled, ...copied]);
  return { compiled, copied, expected, folder, print };
}

/** Changes when any source is added, removed, renamed or written, or the compiler or its settings change. */
function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const file of [...sources, ...TOOLS].sort()) {
    const { mtimeMs, size } = statSync(join(ROOT, file));
    hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

/** Written last, so that a build that was cut short is no build. */
const stampOf = (folder) => join(folder, '.build-stamp');

/** @param {import('./outputs.mjs').Output} output */
function isFresh(output) {
  const stamp = stampOf(join(ROOT, output.folder));
  if (!existsSync(stamp) || (hasService(output) && !existsSync(EMPTY_CLUSTER))) return false;
  const { folder, print, expected } = lookAt(output);
  if (readFileSync(stamp, 'utf8') !== print) return false;
  return [...expected].every((file) => existsSync(join(folder, file)));
}

const isOneOf = (names, path) => names.some((name) => path === name || path.startsWith(`${name}/`));

const gatherPackages = {
  name: 'gather-packages',
  setup: ({ onResolve }) =>
    onResolve({ filter: /.*/ }, ({ path, kind, resolveDir }) => {
      const isWithin = resolveDir.includes(`${sep}node_modules${sep}`) && !isOneOf(LEFT, path);
      return kind === 'entry-point' || isWithin || isOneOf(GATHERED, path) ? {} : { path, external: true };
    }),
};

function failed() {
  console.error('The build failed.');
  process.exit(1);
}

async function compile(output, { compiled, folder }) {
  const { build: transpile, stop } = await import('esbuild');
  try {
    await transpile({
      absWorkingDir: ROOT,
      outbase: ROOT,
      outdir: folder,
      tsconfig: join(ROOT, 'tsconfig.json'),
      entryPoints: compiled.map((file) => join(ROOT, file)),
      bundle: true,
      splitting: true,
      chunkNames: 'packages/[name]-[hash]',
      plugins: [gatherPackages],
      // What was written for require() still calls it for Node's own modules.
      banner: {
        js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
      },
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      logLevel: 'error',
    });
    if (output === EVERYTHING) await buildClient();
  } catch {
    failed();
  } finally {
    // Its helper process has no work left, and must not live as long as the program that is started next.
    await stop();
  }
}

/**
 * In a process of its own, beside the compiler; its memory goes with it, as this process may become the service. The
 * simpler of V8's compilers for it: optimised, code that runs once costs twice the time.
 */
async function makeEmptyCluster() {
  const args = ['--liftoff-only', join(ROOT, 'scripts/empty-cluster.mjs')];
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close');
  if (code !== 0) failed();
}

/** @param {import('./outputs.mjs').Output} output */
export async function build(output) {
  const seen = lookAt(output);
  const { folder, copied, expected, print } = seen;
  console.log('Building …');
  rmSync(stampOf(folder), { force: true });
  // Named by their content: those of an earlier build would never be replaced.
  rmSync(join(folder, 'packages'), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const cluster = hasService(output) ? makeEmptyCluster() : undefined;
  await compile(output, seen);
  for (const file of copied) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  const orphans = output.rooms
    .flatMap((room) => filesBelow(folder, room))
    .filter((file) => !expected.has(file));
  for (const file of orphans) rmSync(join(folder, file));
  await cluster;
  writeFileSync(stampOf(folder), print);
}

/** Where a program's compiled file is, fresh: in an output of everything that happens to be, or in one of its own. */
export async function builtFor(program) {
  const alone = outputAlone(program);
  const fresh = [EVERYTHING, alone].find(isFresh);
  if (!fresh) await build(alone);
  return join(ROOT, (fresh ?? alone).folder, `${program}.js`);
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isFresh(EVERYTHING)) await build(EVERYTHING);
