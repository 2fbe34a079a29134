/** What is built when a program is started, when it is built again, and that half of it never runs. */
import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { projectFile } from '../support/project-file.js';
import { projectFiles } from '../tidy/source-file.js';
import { smallProject } from './small-project.js';

const SERVICE = 'billing-service/src/server';
const BOT = 'bot-client/src/main';
const OUTPUTS = new URL('../../../../scripts/outputs.mjs', import.meta.url);
const { outputAlone } = (await import(OUTPUTS.href)) as {
  outputAlone(program: string): { folder: string; rooms: string[] };
};
t.setTimeout(240_000);

t.test('a start builds what the program is made of: no test, no benchmark, no other program', async (t) => {
  const project = smallProject(t);
  project.layCluster();
  t.match(project.start(SERVICE), { status: 0, isBuilt: true, stdout: /^hello file:.*dist-service\//m });
  const built = ['.build-stamp', 'billing-service/src/hot/reserve.sql', `${SERVICE}.js`];
  t.same(project.below('dist-service'), [...built, 'common/src/greeting.js']);
  t.match(project.start(BOT), { status: 0, isBuilt: true, stdout: /^bot$/m });
  t.same(project.below('dist-bot'), ['.build-stamp', `${BOT}.js`, 'common/src/greeting.js']);
  t.match(project.start(SERVICE), { status: 0, isBuilt: false }, 'which leaves the other as it was');
});

t.test('what a program imports is what is built for it', async (t) => {
  const files = new Map(projectFiles().map(({ path, text }) => [path, text]));
  const programs = [...projectFile('package.json').matchAll(/scripts\/start\.mjs (\S+)"/g)].map(
    ([, it]) => it,
  );
  t.same(programs, [SERVICE, BOT, 'bot-client/demo/demo', 'billing-service/src/archive']);
  for (const program of [...(programs as string[]), 'cli/src/main']) {
    const { rooms } = outputAlone(program);
    const reached = new Set([`${program}.ts`]);
    for (const path of reached) {
      t.ok(files.has(path), path);
      // Also what is started as a program of its own: new URL('../../billing-service/src/server.js', …).
      const named = (files.get(path) ?? '').matchAll(/(?:from |import\(|import |URL\()'(\.[^']*\.js)'/g);
      for (const [, name] of named) {
        const file = posix.join(posix.dirname(path), name as string).replace(/\.js$/, '');
        reached.add(['.ts', '.tsx', '.d.ts'].map((end) => file + end).find((it) => files.has(it)) ?? file);
      }
    }
    t.ok(reached.size > 40, `${program}: ${reached.size} files`);
    const outside = [...reached].filter((path) => !rooms.some((room) => path.startsWith(`${room}/`)));
    t.same(outside, [], program);
  }
});

t.test('a source that was written, added or removed is noticed by the next start', async (t) => {
  const project = smallProject(t);
  project.layCluster();
  project.start(SERVICE);
  project.write('common/src/greeting.ts', "export const GREETING: string = 'good morning';");
  t.match(project.start(SERVICE), { status: 0, isBuilt: true, stdout: /^good morning /m });
  project.write('billing-service/src/added.ts', 'export {};');
  project.write('billing-service/src/hot/reserve.sql', 'select 2');
  t.match(project.start(SERVICE), { isBuilt: true });
  t.equal(project.has('dist-service/billing-service/src/added.js'), true);
  t.equal(project.read('dist-service/billing-service/src/hot/reserve.sql'), 'select 2');
  rmSync(project.path('billing-service/src/added.ts'));
  t.match(project.start(SERVICE), { isBuilt: true });
  t.equal(project.has('dist-service/billing-service/src/added.js'), false);
  rmSync(project.path('dist-service/common/src/greeting.js'));
  t.match(project.start(SERVICE), { status: 0, isBuilt: true }, 'and a compiled file that is gone');
  t.match(project.start(SERVICE), { status: 0, isBuilt: false });
});

t.test(
  'a build of everything serves a start for as long as it is fresh, and is never half renewed',
  async (t) => {
    const project = smallProject(t);
    project.layCluster();
    t.match(project.buildAll(), { status: 1, stderr: /server\.test\.ts/ }, 'a test that does not compile');
    t.equal(project.has('dist/.build-stamp'), false);
    // The last is the client, which is made into a package, too.
    for (const file of [
      ...['billing-service/test/server.test.ts', 'bench/bench.ts'],
      'bot-client/src/billing/index.ts',
    ])
      project.write(file, 'export {};');
    t.match(project.buildAll(), { status: 0, isBuilt: true });
    t.match(project.start(SERVICE), { status: 0, isBuilt: false, stdout: /^hello file:.*\/dist\// });
    t.equal(project.has('dist-service'), false);

    project.write('common/src/greeting.ts', "export const GREETING = 'changed';");
    t.match(project.start(SERVICE), { status: 0, isBuilt: true, stdout: /^changed file:.*dist-service\//m });
    t.match(project.read('dist/common/src/greeting.js'), /hello/, 'what ran from there still finds its own');
    const before = statSync(project.path('dist-service/common/src/greeting.js'));
    t.match(project.buildAll(), { status: 0, isBuilt: true });
    t.match(project.read('dist/common/src/greeting.js'), /changed/);
    const after = statSync(project.path('dist-service/common/src/greeting.js'));
    t.same([after.ino, after.mtimeMs], [before.ino, before.mtimeMs], 'as does what runs from here');
  },
);

for (const moment of ['begun', 'compiled'] as const) {
  t.test(`a ctrl-C when a build has ${moment} leaves nothing that is taken for whole`, async (t) => {
    // No cluster is laid here: making one keeps the build waiting for seconds after all is compiled.
    const project = smallProject(t);
    const child = project.startGroup(SERVICE);
    const ended = once(child, 'exit');
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    const maker = () =>
      Number(
        project
          .inDist()
          .find((name) => /^empty-cluster\.\d/.test(name))
          ?.slice(14),
      );
    const isThere = () => moment === 'begun' || (project.has(`dist-service/${SERVICE}.js`) && maker() > 0);
    while (!isThere()) await sleep(10);
    const left = maker();
    process.kill(-(child.pid as number), 'SIGINT');
    t.same((await ended)[1], 'SIGINT');
    while (isAlive(left)) await sleep(10);
    t.equal(project.has('dist-service/.build-stamp'), false);

    project.write('common/src/greeting.ts', "export const GREETING = 'again';");
    t.match(project.start(SERVICE), { status: 0, isBuilt: true, stdout: /^again /m });
    t.same(project.inDist(), ['empty-cluster', 'empty-cluster.version'], 'no half of a cluster is left');
    t.match(project.start(SERVICE), { status: 0, isBuilt: false });
  });
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
