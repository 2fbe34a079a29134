/** A page never sends its reader to something that is not there. */
import t from 'tap';
import { anchorsOf, linksOf, type Page, projectPaths, readPage } from './markdown-page.js';

const paths = projectPaths();
const pages = paths.filter((path) => path.endsWith('.md')).map(readPage);

function brokenLinks(page: Page): string[] {
  return linksOf(page).flatMap(({ file, heading }) => {
    if (file !== page.path && !paths.includes(file)) return [`${page.path}: there is no ${file}`];
    if (heading === undefined) return [];
    const target = file === page.path ? page : readPage(file);
    return anchorsOf(target).includes(heading) ? [] : [`${page.path}: ${file} has no heading #${heading}`];
  });
}

const sample = (text: string): Page => ({ path: 'docs/sample.md', text });

t.test('every link of every page leads to a file and a heading that exist', async (t) => {
  t.same(brokenLinks(sample('[x](../README.md#see-it) [y](#it-is-a-b)\n\n# It is `a` b!')), []);
  t.same(
    linksOf(sample('[x](https://example.com) `[x](y)`\n```\n[x](y)\n```')),
    [],
    'web and code are left out',
  );
  for (const bad of ['[x](README.md)', '[x](../README.md#nowhere)', '[x](#nowhere)', '![x](images/no.png)'])
    t.equal(brokenLinks(sample(bad)).length, 1, `caught: ${bad}`);
  t.ok(pages.length > 15, 'the pages were found');
  t.same(pages.flatMap(brokenLinks), []);
});
