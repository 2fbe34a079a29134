/** The house's style, held by a test. Each rule is first shown to fail on a bad sample, then run over every file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FILE_RULES } from './tidy/file-rules.js';
import { circles, largeBlobs } from './tidy/project-rules.js';
import { committedBlobs, projectFiles, ROOT, sourceFile } from './tidy/source-file.js';

const files = projectFiles();

for (const rule of FILE_RULES) {
  t.test(rule.name, async (t) => {
    for (const [path, text] of rule.bad) {
      t.not(
        rule.check(sourceFile(path, text)).length,
        0,
        `a bad sample is caught: ${text.slice(0, 60) || path}`,
      );
    }
    for (const [path, text] of rule.good) {
      t.same(rule.check(sourceFile(path, text)), [], `a good sample passes: ${text.slice(0, 60) || path}`);
    }
    t.same(files.flatMap(rule.check), [], 'every file of the project passes');
  });
}

t.test('no files import each other in a circle', async (t) => {
  const ring = [
    sourceFile('bench/a.ts', `import { b } from './b.js';`),
    sourceFile('bench/b.ts', `import type { C } from './c.js';`),
    sourceFile('bench/c.ts', `export * from './a.js';`),
    sourceFile('bench/d.ts', `import { a } from './a.js';`),
  ];
  t.same(circles(ring), ['bench/a.ts → bench/b.ts → bench/c.ts → bench/a.ts is a circle']);
  t.same(circles(ring.slice(1)), []);
  t.same(circles(files), [], 'none in the project');
});

t.test('no file of more than 300 KB is committed', async (t) => {
  t.same(largeBlobs([{ path: 'a.png', bytes: 307_201 }]).length, 1);
  t.same(largeBlobs([{ path: 'a.png', bytes: 307_200 }]), []);
  t.same(largeBlobs(committedBlobs()), [], 'none in the project');
});

t.test('the rules see the whole project', async (t) => {
  t.ok(files.length > 50, 'files were found');
  for (const room of ['billing-service/src/domain', 'billing-service/src/stores', 'cli/src', 'scripts']) {
    t.ok(existsSync(join(ROOT, room)), `${room} is where the rules look for it`);
    t.ok(
      files.some((file) => file.path.startsWith(`${room}/`)),
      `${room} is read`,
    );
  }
});
