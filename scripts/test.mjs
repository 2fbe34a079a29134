/**
 * `npm test`: starts a throwaway Postgres and Redis, runs every test file against them and ends with the line
 * `N passed, N failed`. `npm test -- <part of a path>…` runs the files whose path has one of the parts in it.
 * `npm test -- --pgbouncer …` puts a PgBouncer in transaction mode between the tests and that Postgres.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled({ withDev: true });

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ROOMS = ['common/test', 'billing-service/test', 'bot-client/test', 'cli/test', 'bench/test'];
/** Two files at a time: more would only share the cores of a small machine, and make timings in tests less true. */
const JOBS = 2;

// Imported only now, since what they need may just have been installed.
const {
  MissingProgram,
  findChromium,
  findDaemon,
  findPgDump,
  findRedis,
  findSchemathesis,
  findSystemdAnalyze,
} = await import('./test/programs.mjs');
const { makeRunFolder, registerProcess, removeRunFolder, startWatchdog } = await import(
  './test/run-folder.mjs'
);
const { startPostgres, startRedis } = await import('./test/start-servers.mjs');
const { startPgbouncer } = await import('./test/start-pgbouncer.mjs');
const { killGroup, runFile } = await import('./test/run-file.mjs');
const { reportFile, reportTotals } = await import('./test/report.mjs');

function testFiles(parts) {
  const dist = join(ROOT, 'dist');
  const files = ROOMS.filter((room) => existsSync(join(dist, room))).flatMap((room) =>
    readdirSync(join(dist, room), { recursive: true })
      .filter((file) => file.endsWith('.test.js'))
      .map((file) => `dist/${room}/${file}`),
  );
  const wanted = parts.map((part) => part.replace(/\.ts$/, '.js'));
  return files.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part))).sort();
}

/**
 * Files that run side by side do not share a Postgres: one that holds a transaction open for a minute would stop the
 * other's readers of the ledger so long, since they wait for every transaction of the server, whatever its database.
 * @returns {Promise<object>} where a lane's files find theirs
 */
async function startLane(folder, number, pgbouncer) {
  const databaseUrl = await startPostgres(folder, undefined, `postgres-${number}`);
  const poolerUrl = pgbouncer && (await startPgbouncer(folder, pgbouncer, databaseUrl));
  return { TEST_DATABASE_URL: databaseUrl, TEST_POOLER_URL: poolerUrl };
}

async function runAll(files, lanes, env, { folder, running }) {
  const waiting = [...files];
  const results = [];
  const onStart = (child) => {
    running.add(child);
    if (child.pid) registerProcess(folder, child.pid);
    child.on('close', () => running.delete(child));
  };
  const work = async (lane) => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const result = await runFile(file, { cwd: ROOT, env: { ...env, ...lane }, onStart });
      reportFile(result);
      results.push(result);
    }
  };
  await Promise.all(lanes.map(work));
  return results;
}

/** Its tests are skipped without it, which is said, unless the whole run is to go through it. */
function findOptional(name, isAllPooled) {
  const found = findDaemon(name);
  if (found) return found;
  const missing = `${name} is not installed (Debian: apt-get install ${name})`;
  if (isAllPooled && name === 'pgbouncer') throw new MissingProgram(`--pgbouncer: ${missing}.`);
  console.log(`${missing}: the tests that need it are skipped.`);
  return undefined;
}

async function main() {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { stdio: 'inherit' });
  const isPooled = process.argv.includes('--pgbouncer');
  const files = testFiles(process.argv.slice(2).filter((part) => part !== '--pgbouncer'));
  if (files.length === 0) {
    console.error('No test file has that in its path.');
    return reportTotals([]);
  }
  const redisProgram = findRedis();
  const chromium = findChromium();
  const [pgbouncer, haproxy, prometheus] = ['pgbouncer', 'haproxy', 'prometheus'].map((name) =>
    findOptional(name, isPooled),
  );
  const schemathesis = findSchemathesis();
  if (!schemathesis)
    console.log('schemathesis is not installed (pip install schemathesis): its test is skipped.');
  const folder = makeRunFolder();
  startWatchdog(folder);
  const running = new Set();
  const cleanUp = async () => {
    for (const child of running) killGroup(child);
    await removeRunFolder(folder);
  };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, () => {
      const exit = () => process.exit(code);
      cleanUp().then(exit, exit);
    });
  }
  try {
    const numbers = Array.from({ length: Math.min(JOBS, files.length) }, (_, i) => i + 1);
    const [redis, ...lanes] = await Promise.all([
      startRedis(folder, redisProgram),
      ...numbers.map((number) => startLane(folder, number, pgbouncer)),
    ]);
    const env = {
      ...process.env,
      TEST_ALL_POOLED: isPooled ? 'true' : undefined,
      TEST_HAPROXY: haproxy,
      TEST_PROMETHEUS: prometheus,
      TEST_SCHEMATHESIS: schemathesis,
      TEST_SYSTEMD_ANALYZE: findSystemdAnalyze(),
      TEST_PG_DUMP: findPgDump(),
      TEST_REDIS_URL: redis.url,
      TEST_REDIS_SERVER: redis.server,
      TEST_CHROMIUM: chromium,
      TEST_RUN_FOLDER: folder,
    };
    return reportTotals(await runAll(files, lanes, env, { folder, running }));
  } finally {
    await cleanUp();
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  // A failed build has said why already.
  if (error instanceof MissingProgram) console.error(error.message);
  else if (error.status === undefined) console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
