import { type Command, command, type Option } from '../command.js';
import { COMMON_OPTIONS } from '../input/parse-command.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const completion = (commands: () => readonly Command[]): Command =>
  command({
    name: 'completion',
    summary: 'What a shell needs to complete commands and options.',
    details:
      'bash: source <(farebox completion bash). zsh: the same, after compinit. fish: farebox completion fish | source.',
    arguments: [{ name: 'shell', what: 'Which.', choices: SHELLS }],
    isLocal: true,
    run: async ({ input, terminal }) => {
      const shell = input.choice('shell', SHELLS) ?? 'bash';
      terminal.print({ bash, zsh, fish }[shell](commands()));
    },
  });

const optionsOf = ({ options }: Command): [string, Option][] =>
  Object.entries({ ...options, ...COMMON_OPTIONS });
const choicesOf = ({ arguments: args }: Command): string[] =>
  args.flatMap(({ choices = [] }) => [...choices]);
const firstWords = (commands: readonly Command[]): string[] => [
  ...new Set(commands.map(({ name }) => name.split(' ')[0] ?? '')),
];
const secondWords = (commands: readonly Command[]): Map<string, string[]> => {
  const groups = new Map<string, string[]>();
  for (const { name } of commands) {
    const [first = '', second] = name.split(' ');
    if (second !== undefined) groups.set(first, [...(groups.get(first) ?? []), second]);
  }
  return groups;
};

/** What may follow the words of a command: its choices, and its options. */
const casesOf = (commands: readonly Command[]): string[] => [
  ...[...secondWords(commands)].map(([first, seconds]) => `    "${first}") words="${seconds.join(' ')}" ;;`),
  // The longest first: `user` begins `users`, too.
  ...commands
    .toSorted((a, b) => b.name.length - a.name.length)
    .map((one) => {
      const words = [...choicesOf(one), ...optionsOf(one).map(([name]) => `--${name}`)];
      return `    "${one.name}"*) words="${words.join(' ')}" ;;`;
    }),
];

/** Values that an option takes, where there are few. */
const valueCases = (commands: readonly Command[]): string[] => {
  const known = new Map<string, string>();
  for (const one of commands)
    for (const [name, { choices }] of optionsOf(one))
      if (choices) known.set(`${one.name}|--${name}`, choices.join(' '));
  return [...known]
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([place, words]) => {
      const [name = '', option = ''] = place.split('|');
      return `    "${name}"*"${option} ") words="${words}" ;;`;
    });
};

const bash = (
  commands: readonly Command[],
): string => `# farebox: completion for bash. source <(farebox completion bash)
_farebox() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  local before="\${COMP_WORDS[*]:1:COMP_CWORD-1}"
  case "$before" in
    "") words="${firstWords(commands).join(' ')}" ;;
${casesOf(commands).join('\n')}
  esac
  case "$before " in
${valueCases(commands).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _farebox farebox`;

const zsh = (
  commands: readonly Command[],
): string => `# farebox: completion for zsh. source <(farebox completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(commands)}`;

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const fish = (commands: readonly Command[]): string => {
  const groups = secondWords(commands);
  const lines = [
    '# farebox: completion for fish. farebox completion fish | source',
    'complete -c farebox -f',
  ];
  for (const first of firstWords(commands)) {
    const own = commands.find(({ name }) => name === first);
    const what = own?.summary ?? `${first}: ${groups.get(first)?.join(', ')}`;
    lines.push(`complete -c farebox -n __fish_use_subcommand -a ${first} -d ${quoted(what)}`);
  }
  for (const one of commands) {
    const [first, second] = one.name.split(' ');
    const seconds = groups.get(first ?? '')?.join(' ');
    const isHere = `__fish_seen_subcommand_from ${first}${second ? `; and __fish_seen_subcommand_from ${second}` : ''}`;
    if (second)
      lines.push(
        `complete -c farebox -n ${quoted(`__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${seconds}`)} -a ${second} -d ${quoted(one.summary)}`,
      );
    for (const choice of choicesOf(one)) lines.push(`complete -c farebox -n ${quoted(isHere)} -a ${choice}`);
    for (const [name, option] of optionsOf(one)) {
      const takes =
        option.value === undefined
          ? ''
          : ` -r${option.choices ? ` -a ${quoted(option.choices.join(' '))}` : ''}`;
      lines.push(
        `complete -c farebox -n ${quoted(isHere)} -l ${name}${option.short ? ` -s ${option.short}` : ''}${takes} -d ${quoted(option.what)}`,
      );
    }
  }
  return lines.join('\n');
};
