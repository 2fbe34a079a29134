/** README.md and docs/api.md are pasted from, so they are run: every command, in order, in one shell, against a fresh
 * service. docs/api.md goes on where README.md ends, as it says. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { projectFile } from '../support/project-file.js';
import { startService, temporaryFolder } from '../support/start-service.js';
import { type Block, differences, pastedBlocks, readAnswer, textMatches } from './pasted-blocks.js';
import { type Ran, runInBash } from './run-in-bash.js';

/** Each with the least number of commands that it must have: a block that is no longer found is no longer run. */
const PAGES = [
  { page: 'README.md', atLeast: 4 },
  { page: 'docs/api.md', atLeast: 43 },
];

function disagreement({ answer }: Block, { output, status }: Ran): string[] {
  if (!answer) return output === '' ? [] : [`the page shows no answer, the service said ${output}`];
  if (answer.language === 'text') return textMatches(answer.text, output) ? [] : [output];
  const shown = readAnswer(answer.text);
  return [
    ...(shown.status === status ? [] : [`the page shows status ${shown.status}, it was ${status}`]),
    ...differences(shown.body, JSON.parse(output)),
  ];
}

// A first start of the embedded database, sixty commands, and perhaps a busy machine.
t.setTimeout(240_000);

t.test('each command of README.md and docs/api.md answers what the page shows', async (t) => {
  const folder = temporaryFolder(t);
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  // An empty ADMIN_API_KEY counts as none: the start makes one and keeps it in data/admin-key, as README says.
  const { url, metricsUrl } = await startService(t, {
    DATA_DIR: dataDir,
    ADMIN_API_KEY: '',
    TEST_CLOCK: 'true',
  });
  const blocks = PAGES.flatMap(({ page, atLeast }) => {
    const found = pastedBlocks(projectFile(page));
    t.ok(found.length >= atLeast, `${page} has ${found.length} commands, at least ${atLeast}`);
    return found.map((block) => ({ ...block, page }));
  });
  const commands = blocks.map(({ command }) =>
    command
      .replaceAll('http://127.0.0.1:3000', url)
      .replaceAll('http://127.0.0.1:9091', new URL(metricsUrl).origin),
  );
  const ran = await runInBash(commands, folder);
  for (const [i, block] of blocks.entries()) {
    const result = ran[i] ?? { output: '', status: undefined };
    t.same(disagreement(block, result), [], `${block.page}:${block.line}: ${block.command.split('\n')[0]}`);
  }
});
