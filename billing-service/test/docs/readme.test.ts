/** README.md is pasted from, so it is run: every command, in order, in one shell, against a fresh service. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { projectFile } from '../support/project-file.js';
import { startService, temporaryFolder } from '../support/start-service.js';
import { type Block, differences, readAnswer, readmeBlocks, textMatches } from './readme-blocks.js';
import { type Ran, runInBash } from './run-in-bash.js';

const README = projectFile('README.md');

function disagreement({ answer }: Block, { output, status }: Ran): string[] {
  if (!answer) return output === '' ? [] : [`README shows no answer, the service said ${output}`];
  if (answer.language === 'text') return textMatches(answer.text, output) ? [] : [output];
  const shown = readAnswer(answer.text);
  return [
    ...(shown.status === status ? [] : [`README shows status ${shown.status}, it was ${status}`]),
    ...differences(shown.body, JSON.parse(output)),
  ];
}

// A first start of the embedded database, sixty commands, and perhaps a busy machine.
t.setTimeout(240_000);

t.test('each command of README.md answers what README.md shows', async (t) => {
  const folder = temporaryFolder(t);
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  // An empty ADMIN_API_KEY counts as none: the start makes one and keeps it in data/admin-key, as README says.
  const { url, metricsUrl } = await startService(t, {
    DATA_DIR: dataDir,
    ADMIN_API_KEY: '',
    TEST_CLOCK: 'true',
  });
  const blocks = readmeBlocks(README);
  const commands = blocks.map(({ command }) =>
    command
      .replaceAll('http://127.0.0.1:3000', url)
      .replaceAll('http://127.0.0.1:9091', new URL(metricsUrl).origin),
  );
  const ran = await runInBash(commands, folder);
  for (const [i, block] of blocks.entries()) {
    const result = ran[i] ?? { output: '', status: undefined };
    t.same(disagreement(block, result), [], `line ${block.line}: ${block.command.split('\n')[0]}`);
  }
});

t.test('README.md names every call of openapi.yaml', async (t) => {
  const { paths } = parse(projectFile('openapi.yaml')) as { paths: Record<string, Record<string, unknown>> };
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['get', 'put', 'post', 'delete', 'patch'].includes(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.ok(calls.length > 30, 'the calls were found');
  const missing = calls.filter((call) => !README.includes(`**\`${call}\`**`));
  t.same(missing, []);
});

t.test('README.md names every setting of the service with its default', async (t) => {
  const example = projectFile('.env.example').split('# --- ')[0] ?? '';
  const settings = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)];
  t.ok(settings.length > 10, 'the settings were found');
  for (const [, name = '', value] of settings)
    t.match(README, `| \`${name}\` | ${value ? `\`${value}\`` : ''}`, name);
});

t.test('a link of README.md or ARCHITECTURE.md to a file of the project leads to one', async (t) => {
  for (const page of ['README.md', 'ARCHITECTURE.md']) {
    for (const [, target] of projectFile(page).matchAll(/\]\(((?!https?:)[^)#]+)[^)]*\)/g)) {
      t.doesNotThrow(() => projectFile(target ?? ''), `${page} → ${target}`);
    }
  }
});
