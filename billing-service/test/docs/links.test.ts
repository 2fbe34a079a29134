/** A page never sends its reader to something that is not there. */
import t from 'tap';
import {
  anchorsOf,
  filesNamedIn,
  linksOf,
  type Page,
  pathsQuotedIn,
  projectPaths,
  readPage,
} from './markdown-page.js';

const paths = projectPaths();
const pages = paths.filter((path) => path.endsWith('.md')).map(readPage);

/** Its recipes are followed by the letter, so it names files from the project's folder on. */
const RECIPES = 'CONTRIBUTING.md';
/** These two name folders too. */
const NAMES_FOLDERS = [RECIPES, 'ARCHITECTURE.md'];
/** It tells of the past: what it names may be gone. */
const HISTORY = 'CHANGELOG.md';

function brokenLinks(page: Page): string[] {
  return linksOf(page).flatMap(({ file, heading }) => {
    if (file !== page.path && !paths.includes(file)) return [`${page.path}: there is no ${file}`];
    if (heading === undefined) return [];
    const target = file === page.path ? page : readPage(file);
    return anchorsOf(target).includes(heading) ? [] : [`${page.path}: ${file} has no heading #${heading}`];
  });
}

/** Other pages may leave out the rooms before a file's own: `hot/reserve.sql`. */
function missingPaths(page: Page): string[] {
  const begin = page.path === RECIPES ? '^' : '(^|/)';
  const named = [...filesNamedIn(page), ...(NAMES_FOLDERS.includes(page.path) ? pathsQuotedIn(page) : [])];
  return named
    .filter((name) => {
      const shape = name.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*');
      const pattern = new RegExp(`${begin}${shape}$`);
      return !paths.some((path) => pattern.test(path));
    })
    .map((name) => `${page.path} names ${name}, which does not exist`);
}

const sample = (text: string, path = 'docs/sample.md'): Page => ({ path, text });

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

t.test('every file that a page names exists', async (t) => {
  t.same(missingPaths(sample('`docs/links.test.ts`, links.test.ts, `hot/*.sql`')), []);
  t.same(missingPaths(sample('`test/docs`, `data`', 'ARCHITECTURE.md')), []);
  const bad: [page: string, text: string][] = [
    ['docs/sample.md', '`docs/no.ts`'],
    ['docs/sample.md', 'see no-such.sql'],
    ['docs/sample.md', '`ocs/links.test.ts`'],
    ['ARCHITECTURE.md', '`test/nowhere`'],
    [RECIPES, '`test/docs`'],
  ];
  for (const [page, text] of bad)
    t.equal(missingPaths(sample(text, page)).length, 1, `caught on ${page}: ${text}`);
  t.same(pages.filter(({ path }) => path !== HISTORY).flatMap(missingPaths), []);
});
