import type { Command, Context } from './command.js';
import { COMMANDS } from './commands.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { helpOf, helpOfAll, helpOfGroup } from './help.js';
import { Input } from './input/input.js';
import { nearest } from './input/nearest.js';
import { findCommand, parseCommand } from './input/parse-command.js';
import { LocalTimes } from './output/local-times.js';
import { Terminal } from './output/terminal.js';
import { Service } from './service.js';
import { readSettings, type Settings } from './settings.js';
import { tellFailure } from './tell-failure.js';
import { UsageError } from './usage-error.js';
import { VERSION } from './version.js';

/** One command from what was typed to its exit code. */
export async function runCommand(argv: readonly string[]): Promise<ExitCode> {
  const isJson = argv.includes('--json');
  let settings: Settings | undefined;
  let service: Service | undefined;
  let terminal = new Terminal({}, false);
  try {
    settings = readSettings();
    terminal = new Terminal(settings.environment, !argv.includes('--no-color'));
    const { command, rest } = findCommand(COMMANDS, argv);
    if (!command) return withoutCommand(argv, terminal);
    const values = parseCommand(command, rest);
    if (values.help) {
      terminal.print(helpOf(command, terminal.paint));
      return EXIT.ok;
    }
    service = serviceOf(command, settings, terminal);
    const context = contextOf(command, values, { settings, service, terminal, isJson });
    return (await command.run(context)) ?? EXIT.ok;
  } catch (error) {
    const told = tellFailure(error, settings, service?.writing);
    if (isJson && told.answer) terminal.print(JSON.stringify(told.answer));
    const [first = '', ...more] = told.lines;
    terminal.note(`${terminal.notePaint.red('farebox:')} ${first}`);
    for (const line of more) terminal.note(line);
    return told.code;
  } finally {
    await service?.close();
  }
}

function withoutCommand(argv: readonly string[], terminal: Terminal): ExitCode {
  const words = argv.filter((word) => !word.startsWith('-'));
  if (argv.includes('--version')) {
    terminal.print(`farebox ${VERSION}`);
    return EXIT.ok;
  }
  const [typed] = words;
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${typed} `));
  if (typed === undefined) {
    terminal.print(helpOfAll(COMMANDS, terminal.paint));
    return EXIT.ok;
  }
  if (group.length > 0 && words.length === 1) {
    terminal.print(helpOfGroup(group, terminal.paint));
    return argv.includes('--help') || argv.includes('-h') ? EXIT.ok : EXIT.usage;
  }
  const unknown = words.slice(0, group.length > 0 ? 2 : 1).join(' ');
  const names = COMMANDS.map(({ name }) => name);
  const near = nearest(
    unknown,
    group.length > 0 ? names : [...names, ...names.map((name) => name.split(' ')[0] ?? '')],
  );
  throw new UsageError(`There is no command “${unknown}”.${near ? ` Is it “${near}”?` : ''}`);
}

function serviceOf(command: Command, { url, apiKey }: Settings, terminal: Terminal): Service {
  if (!command.isLocal && apiKey === undefined)
    throw new UsageError('FAREBOX_API_KEY is not set: it needs a key of the service.');
  let tries = 0;
  const onTry = (outcome: string) => {
    tries += 1;
    const isLost = ['unreachable', 'timeout', 'unavailable'].includes(outcome);
    if (isLost && tries === 1 && terminal.isWatched)
      terminal.note(terminal.notePaint.dim('No answer yet; trying again …'));
  };
  return new Service({ url, apiKey: apiKey ?? '', version: VERSION, onTry });
}

function contextOf(
  command: Command,
  values: Record<string, string | boolean | undefined>,
  given: Pick<Context, 'settings' | 'service' | 'terminal' | 'isJson'>,
): Context {
  const input = new Input<string>(values, command.name, (name) => name in command.options);
  const { terminal, isJson } = given;
  return {
    ...given,
    input,
    times: new LocalTimes(),
    show: (answer, lines) => {
      if (!isJson) terminal.print(lines().join('\n'));
      else if (answer.text !== '') terminal.print(answer.text);
    },
    write: async (once) => {
      const key = input.optional('idempotency-key');
      const reason = input.optional('reason') ?? (await terminal.ask('Reason, for the audit log: '));
      if (!reason && command.writes === 'needed') input.refuse('reason', 'is needed: why, for the audit log');
      return { reason: reason || undefined, key, ...(once ? { once: true } : {}) };
    },
    confirm: async (question) => {
      const said = input.flag('yes') ? undefined : await terminal.ask(`${question} [y/N] `);
      if (said !== undefined && !/^y(es)?$/i.test(said)) throw new UsageError('Nothing was done.');
    },
  };
}
