/**
 * Turns TypeScript into JavaScript in dist/ and copies the rest (.sql, .lua, pages) there too; does nothing when no
 * source changed. A compiled file whose source is gone is removed: a deleted test must not go on running.
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

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.build-stamp');
const ROOMS = ['common', 'billing-service', 'bot-client', 'bench'];
const COMPILED = /(?<!\.d)\.tsx?$/;
const COPIED = /\.(sql|lua|html|js|css|json|png|d\.ts)$/;

/**
 * Packages of many small files: read as they are they took a third of a start, so their used parts go, with what they
 * need themselves, into a few shared chunks of dist/. All others, and our own files, stay modules of their own.
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

const root = ROOT.replace(/\/$/, '');
const sources = ROOMS.flatMap((room) => filesBelow(root, room));
const compiled = sources.filter((file) => COMPILED.test(file));
const copied = sources.filter((file) => COPIED.test(file));
const expected = new Set([
  ...compiled.flatMap((file) => [file.replace(COMPILED, '.js'), file.replace(COMPILED, '.js.map')]),
  ...copied,
]);

/** Changes when any source is added, removed, renamed or written, or the compiler or its settings change. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [
    ...compiled,
    ...copied,
    'scripts/build.mjs',
    'tsconfig.json',
    'package-lock.json',
  ].sort()) {
    const { mtimeMs, size } = statSync(join(ROOT, file));
    hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

function isComplete() {
  return [...expected].every((file) => existsSync(join(DIST, file)));
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

async function compile() {
  const { build: transpile, stop } = await import('esbuild');
  const entryPoints = compiled.map((file) => join(ROOT, file));
  const settings = {
    absWorkingDir: root,
    outbase: root,
    outdir: DIST,
    tsconfig: join(ROOT, 'tsconfig.json'),
  };
  try {
    await transpile({
      ...settings,
      entryPoints,
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
  } catch {
    failed();
  } finally {
    // Its helper process has no work left, and must not live as long as the program that is started next.
    await stop();
  }
}

async function build(print) {
  console.log('Building …');
  rmSync(STAMP, { force: true });
  // Named by their content: those of an earlier build would never be replaced.
  rmSync(join(DIST, 'packages'), { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  // In a process of its own, beside the compiler; its memory goes with it, as this process may become the service.
  const cluster = once(
    spawn(process.execPath, [join(ROOT, 'scripts/empty-cluster.mjs')], { stdio: 'inherit' }),
    'close',
  );
  await compile();
  for (const file of copied) {
    mkdirSync(dirname(join(DIST, file)), { recursive: true });
    cpSync(join(ROOT, file), join(DIST, file));
  }
  const orphans = ROOMS.flatMap((room) => filesBelow(DIST, room)).filter((file) => !expected.has(file));
  for (const file of orphans) rmSync(join(DIST, file));
  const [code] = await cluster;
  if (code !== 0) failed();
  writeFileSync(STAMP, print);
}

const print = fingerprint();
const built = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
if (built !== print || !isComplete()) await build(print);
