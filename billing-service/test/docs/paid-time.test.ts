/** docs/paid-time.md tells only what is tested, and all of it. */
import t from 'tap';
import { projectFile } from '../support/project-file.js';

const PAGE = projectFile('docs/paid-time.md');
const TESTS = ['bought', 'changed'].map((name) =>
  projectFile(`billing-service/test/ledger/paid-time-${name}.test.ts`),
);

const rows = [...PAGE.matchAll(/^\| [^|]*\| (.+) \| [\d, ]+ \|$/gm)].map(([, name]) => name);
const tests = TESTS.flatMap((text) => [...text.matchAll(/^rule\(\s*'(.+)',/gm)].map(([, name]) => name));

t.test('each row of the table of cases is a test of that name, and each test has its row', async (t) => {
  t.ok(rows.length > 20, `${rows.length} rows were found`);
  t.strictSame(rows.toSorted(), tests.toSorted());
});

t.test('each rule has a heading and a picture', async (t) => {
  const chapters = PAGE.split(/^## /m).filter((chapter) => /^\d\. /.test(chapter));
  t.equal(chapters.length, 8);
  for (const chapter of chapters) t.match(chapter, '```mermaid', chapter.slice(0, 40));
});
