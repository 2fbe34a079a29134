import { parseArgs } from 'node:util';
import type { Command, Option } from '../command.js';
import { UsageError } from '../usage-error.js';
import { nearest } from './nearest.js';

/** Every command has them. */
export const COMMON_OPTIONS: Record<string, Option> = {
  json: { what: 'The service’s answer as it is, for programs.' },
  'no-color': { what: 'No colours. They are also left out in a pipe, and where NO_COLOR is set.' },
  help: { short: 'h', what: 'What the command does, and how.' },
};

export interface Parsed {
  command: Command;
  values: Record<string, string | boolean | undefined>;
}

/** The command whose words stand first, and what is left. Options that every command has may come before. */
export function findCommand(
  commands: readonly Command[],
  argv: readonly string[],
): { command: Command | undefined; rest: string[] } {
  const early = argv.findIndex((word) => !/^(--(json|no-color|help)|-h)$/.test(word));
  const words = early < 0 ? [] : argv.slice(early);
  const isTyped = ({ name }: Command) => name.split(' ').every((word, i) => words[i] === word);
  const found =
    commands.filter(isTyped).toSorted((a, b) => b.name.length - a.name.length)[0] ?? listOf(commands, words);
  // `payments` by itself is `payments list`.
  const used = found?.name.split(' ').filter((word, i) => words[i] === word).length ?? 0;
  return { command: found, rest: [...argv.slice(0, Math.max(0, early)), ...words.slice(used)] };
}

function listOf(commands: readonly Command[], [first, next = '-']: readonly string[]): Command | undefined {
  return next.startsWith('-') ? commands.find(({ name }) => name === `${first} list`) : undefined;
}

export function parseCommand(command: Command, argv: readonly string[]): Parsed['values'] {
  const options = { ...command.options, ...COMMON_OPTIONS };
  const declared = Object.fromEntries(
    Object.entries(options).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short ? { short } : {}) },
    ]),
  );
  // -50 is an amount and no option; what takes its sign for one would ask for `-- -50`.
  const args = argv.map((word) => word.replace(/^-(?=\d)/, '−'));
  const { values, positionals } = parsed(command, args, declared);
  const extra = positionals[command.arguments.length];
  if (extra !== undefined) throw new UsageError(`What is “${extra}” for?`, command.name);
  const named = Object.fromEntries(command.arguments.map(({ name }, i) => [name, positionals[i]]));
  const lacking = command.arguments.find(({ name, optional }) => !optional && named[name] === undefined);
  if (lacking && values.help !== true)
    throw new UsageError(`${lacking.name.toUpperCase()} is needed. ${lacking.what}`, command.name);
  return { ...values, ...named };
}

function parsed(command: Command, args: string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    throw new UsageError(faultOf(error as Error & { code?: string }, Object.keys(options)), command.name);
  }
}

function faultOf({ code, message }: Error & { code?: string }, names: string[]): string {
  const [, typed = ''] = /'(-{1,2}[^' ,]*)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = nearest(typed.replace(/^-+/, ''), names);
    return `There is no option ${typed}.${near ? ` Is it --${near}?` : ''}`;
  }
  return message.includes('does not take') ? `${typed} takes no value.` : `${typed} needs a value.`;
}
