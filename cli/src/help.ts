import type { Command, Option } from './command.js';
import { EXIT_WORDS } from './exit-codes.js';
import { COMMON_OPTIONS } from './input/parse-command.js';
import type { Paint } from './output/paint.js';

/** Subjects in the order of the list, each with its commands. */
export const usageOf = ({ name, arguments: args }: Command): string =>
  [
    `farebox ${name}`,
    ...args.map((one) => (one.optional ? `[${one.name.toUpperCase()}]` : one.name.toUpperCase())),
    '[options]',
  ].join(' ');

const columns = (rows: [string, string][]): string[] => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};

export const optionWords = (name: string, { value, short }: Option): string =>
  `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`;

const withChoices = ({ what, choices }: { what: string; choices?: readonly string[] }): string =>
  choices ? `${what} One of ${choices.join(', ')}.` : what;

/** `farebox help` */
export function helpOfAll(commands: readonly Command[], paint: Paint): string {
  return [
    'Steers a Farebox service: look people up, grant, refund, see what is sold and used.',
    '',
    paint.bold('Usage'),
    '  farebox COMMAND [arguments] [options]',
    '',
    paint.bold('Commands'),
    ...columns(commands.map((one) => [usageOf(one).replace(/^farebox | \[options\]$/g, ''), one.summary])),
    '',
    paint.bold('Settings'),
    ...columns([
      ['FAREBOX_URL', 'Where the service is; without it http://127.0.0.1:3000.'],
      ['FAREBOX_API_KEY', 'A key of it; without it, on this machine, the admin’s key of this folder.'],
    ]),
    '',
    paint.bold('Exit codes'),
    ...columns(EXIT_WORDS.map(([code, words]) => [String(code), words])),
    '',
    'More of one command: farebox help COMMAND. Of all: docs/cli.md.',
  ].join('\n');
}

/** `farebox help keys` */
export function helpOfGroup(commands: readonly Command[], paint: Paint): string {
  return [
    paint.bold('Commands'),
    ...columns(commands.map((one) => [usageOf(one).replace(/^farebox | \[options\]$/g, ''), one.summary])),
    '',
    `More of one: farebox help ${commands[0]?.name}`,
  ].join('\n');
}

/** `farebox help grant` */
export function helpOf(command: Command, paint: Paint): string {
  const section = (title: string, rows: [string, string][]) =>
    rows.length > 0 ? ['', paint.bold(title), ...columns(rows)] : [];
  return [
    command.summary,
    '',
    paint.bold('Usage'),
    `  ${usageOf(command)}`,
    ...(command.details ? ['', command.details] : []),
    ...section(
      'Arguments',
      command.arguments.map((one) => [one.name.toUpperCase(), withChoices(one)]),
    ),
    ...section(
      'Options',
      Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, option]) => [
        optionWords(name, option),
        withChoices(option),
      ]),
    ),
    ...(command.examples.length > 0
      ? ['', paint.bold('Examples'), ...command.examples.map((line) => `  farebox ${line}`)]
      : []),
  ].join('\n');
}
