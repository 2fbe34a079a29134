/** Help, completion and docs/cli.md say what the table of commands says. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { COMMANDS } from '../src/commands.js';
import { helpOf } from '../src/help.js';
import { Paint } from '../src/output/paint.js';
import { pageOfCommands } from '../src/page-of-commands.js';
import { runFarebox } from './support/run-farebox.js';

const AWAY = { url: 'http://127.0.0.1:9' };
t.setTimeout(120_000);

t.test('docs/cli.md is written from the table', async (t) => {
  t.equal(
    readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8'),
    pageOfCommands(),
    'else: npm run cli:docs',
  );
});

t.test('each command has its help, with every argument and option; the service is not asked', async (t) => {
  for (const one of COMMANDS) {
    const help = helpOf(one, new Paint(false));
    for (const { name } of one.arguments) t.match(help, name.toUpperCase(), one.name);
    for (const name of Object.keys(one.options)) t.match(help, `--${name}`, one.name);
  }
  const { code, stdout } = await runFarebox(['grant', '--help'], AWAY);
  t.equal(code, 0);
  t.equal(stdout, `${helpOf(COMMANDS.find(({ name }) => name === 'grant') as never, new Paint(false))}\n`);
});

t.test('without a command all of them are listed', async (t) => {
  const { code, stdout } = await runFarebox([], AWAY);
  t.equal(code, 0);
  for (const { name } of COMMANDS) t.match(stdout, `  ${name}`);
});

const completed = async (...words: string[]): Promise<string[]> => {
  const { stdout } = await runFarebox(['completion', 'bash'], AWAY);
  const line = `COMP_WORDS=(farebox ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _farebox; echo "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', `${stdout}\n${line}`], { encoding: 'utf8' })
    .trim()
    .split(' ');
};

t.test('bash completes commands, their second words, options, and values where they are few', async (t) => {
  t.same(await completed('use'), ['user', 'users']);
  t.same(await completed('payments', 's'), ['summary']);
  t.ok((await completed('users', '--t')).includes('--tier'));
  t.same(await completed('holds', 'web:ada', '--status', 'o'), ['open']);
  t.same(await completed('export', 'us'), ['users']);
});

t.test('every shell is told every command', async (t) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await runFarebox(['completion', shell], AWAY);
    t.equal(code, 0);
    for (const { name } of COMMANDS)
      for (const word of name.split(' ')) t.match(stdout, word, `${shell}: ${name}`);
  }
});
