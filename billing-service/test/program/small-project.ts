/** A project of a few lines with this one's scripts and packages, to be built, broken and started. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFile } from '../support/project-file.js';
import { temporaryFolder } from '../support/start-service.js';
import type { Teardown } from '../support/test-environment.js';

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));
const PGLITE = 'node_modules/@electric-sql/pglite/package.json';

const SOURCES = {
  'common/src/greeting.ts': "export const GREETING: string = 'hello';",
  'billing-service/src/server.ts':
    "import { GREETING } from '../../common/src/greeting.js';\nconsole.log(GREETING, import.meta.url);",
  'billing-service/src/hot/reserve.sql': 'select 1',
  'bot-client/src/main.ts': "import '../../common/src/greeting.js';\nconsole.log('bot');",
  // Whoever starts a program must not even notice these.
  'billing-service/test/server.test.ts': 'this does not compile',
  'bench/bench.ts': 'nor does this',
};

export function smallProject(t: Teardown) {
  const folder = temporaryFolder(t);
  const path = (file: string) => join(folder, file);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  cpSync(join(PROJECT, 'scripts'), path('scripts'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json']) write(file, projectFile(file));
  symlinkSync(join(PROJECT, 'node_modules'), path('node_modules'));
  for (const [file, text] of Object.entries(SOURCES)) write(file, text);
  const run = (args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return { status, stdout, stderr, isBuilt: stdout.includes('Building') };
  };
  return {
    path,
    write,
    has: (file: string) => existsSync(path(file)),
    /** All files below, with slashes; of packages only that there are some. */
    below: (file: string): string[] =>
      readdirSync(path(file), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
        .map((entry) => join(entry.parentPath, entry.name).slice(path(file).length + 1))
        .sort(),
    inDist: (): string[] => (existsSync(path('dist')) ? readdirSync(path('dist')).sort() : []),
    /** An empty cluster that cost nothing: these programs do not look into it. */
    layCluster: () => {
      write('dist/empty-cluster/PG_VERSION', '18');
      write('dist/empty-cluster.version', JSON.parse(projectFile(PGLITE)).version);
    },
    start: (program: string) => run(['scripts/start.mjs', program]),
    buildAll: () => run(['scripts/build.mjs']),
    /** In a group of its own, as a shell starts it, for a ctrl-C reaches all of them. */
    startGroup: (program: string): ChildProcess =>
      spawn(process.execPath, ['scripts/start.mjs', program], {
        ...{ cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
      }),
    read: (file: string) => readFileSync(path(file), 'utf8'),
  };
}
