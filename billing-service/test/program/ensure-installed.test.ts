/** What a start installs, and when it installs at all. */
import t from 'tap';
import { projectFile } from '../support/project-file.js';

interface Package {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
}
type Packages = Record<string, Package>;

const SCRIPT = new URL('../../../../scripts/ensure-installed.mjs', import.meta.url);
const { lacking } = (await import(SCRIPT.href)) as {
  lacking(wanted: Packages, installed: Packages, withDev: boolean): string[];
};

const WANTED: Packages = {
  '': {},
  'node_modules/fastify': { version: '5.0.0' },
  'node_modules/tap': { version: '21.0.0', dev: true },
  'node_modules/@esbuild/aix-ppc64': { version: '0.25.0', optional: true },
};
const { '': project = {}, 'node_modules/fastify': fastify = {}, ...others } = WANTED;
const RUNNING: Packages = { '': project, 'node_modules/fastify': fastify };

t.test('an install of everything serves a start; one for running does not serve the tests', async (t) => {
  t.same(lacking(WANTED, { ...RUNNING, ...others }, false), []);
  t.same(lacking(WANTED, { ...RUNNING, ...others }, true), []);
  t.same(lacking(WANTED, RUNNING, false), []);
  t.same(lacking(WANTED, RUNNING, true), ['node_modules/tap']);
});

t.test('a package of another version is installed again; what another platform needs is not', async (t) => {
  const old = { ...RUNNING, 'node_modules/fastify': { version: '4.0.0' } };
  t.same(lacking(WANTED, old, false), ['node_modules/fastify']);
  t.same(lacking(WANTED, {}, false), ['node_modules/fastify']);
});

t.test('a start installs at most 130 packages, the compiler among them, and no test framework', async (t) => {
  const { packages } = JSON.parse(projectFile('package-lock.json')) as { packages: Packages };
  const names = lacking(packages, {}, false).map((folder) => folder.replace(/^node_modules\//, ''));
  t.ok(names.length <= 130, `${names.length} packages`);
  t.ok(names.includes('esbuild') && names.includes('fastify'));
  t.same(
    names.filter((name) => /^(tap|typescript|playwright-core|@biomejs\/biome)$/.test(name)),
    [],
  );
  const scripted = names.filter((name) => packages[`node_modules/${name}`]?.hasInstallScript);
  t.same(scripted, ['esbuild'], 'the only one with a script of its own, which only checks what was unpacked');
});
