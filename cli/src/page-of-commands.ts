import type { Command, Option } from './command.js';
import { COMMANDS } from './commands.js';
import { EXIT_WORDS } from './exit-codes.js';
import { optionWords, usageOf } from './help.js';
import { COMMON_OPTIONS } from './input/parse-command.js';

const HEAD = `# The command line

\`farebox\` steers a service from a shell: look people up, grant, refund, see what is sold and used, take a table along. It is a
client of the [HTTP API](api.md) like any other, and can do no more than its key.

\`\`\`
npx farebox doctor        # in the project's folder; installs and builds first where that is needed
docker compose exec billing-service farebox doctor
\`\`\`

This page is written by \`npm run cli:docs\` from the same table as \`farebox help\`.

## Settings

| setting | what |
| --- | --- |
| \`FAREBOX_URL\` | Where the service is. Without it \`http://127.0.0.1:3000\` (or the \`PORT\` of this folder's \`.env\`) |
| \`FAREBOX_API_KEY\` | A key of it, with the scopes that the commands need (\`support\` reads everything but keys). Without it, and only for a service on this machine, the admin's key of this folder: \`ADMIN_API_KEY\`, or \`data/admin-key\` |

Both may stand in the folder's \`.env\`. A key is never printed, and never sent anywhere but to \`FAREBOX_URL\`.

## What it prints

- For people: aligned tables, tokens with their thousands set apart, times in this machine's zone with its name, money in whole units
  (the API counts in the smallest). Colours only on a terminal, and not where \`NO_COLOR\` is set.
- With \`--json\`: the service's answer as it is, also where it is a refusal. Answers go to stdout, all else to stderr.
- What takes long shows how far it is, and what is left, on a terminal.

## Writes

Each write asks for a reason where \`--reason\` is not given and somebody is at the keyboard; where nobody is, those that need one end with
2. The [audit log](api.md#the-service-itself) keeps it, with \`via: "cli"\`. Each is sent with an \`Idempotency-Key\`, and sent again
with the same one where no answer came. If none comes at all, it is not known whether it was done: the command then prints the key.
Run it once more with \`--idempotency-key\`, and it is done once.

## Exit codes

| code | when |
| --- | --- |
${EXIT_WORDS.map(([code, words]) => `| ${code} | ${words} |`).join('\n')}

## Completion

\`\`\`
source <(farebox completion bash)      # ~/.bashrc
source <(farebox completion zsh)       # ~/.zshrc, after compinit
farebox completion fish | source       # ~/.config/fish/config.fish
\`\`\`

## Commands
`;

const escaped = (text: string): string => text.replaceAll('|', '\\|');
const row = (left: string, right: string): string => `| \`${left}\` | ${escaped(right)} |`;
const words = ({ what, choices }: { what: string; choices?: readonly string[] }): string =>
  choices ? `${what} One of ${choices.map((one) => `\`${one}\``).join(', ')}.` : what;

function section(command: Command): string {
  const { name, summary, details, arguments: args, options, examples } = command;
  const rows = [
    ...args.map((one) => row(one.name.toUpperCase(), words(one))),
    ...Object.entries(options).map(([option, described]) =>
      row(optionWords(option, described), words(described)),
    ),
  ];
  return [
    `### ${name}`,
    '',
    `\`${usageOf(command)}\``,
    '',
    `${summary}${details ? ` ${details}` : ''}`,
    ...(rows.length > 0 ? ['', '| | |', '| --- | --- |', ...rows] : []),
    ...(examples.length > 0 ? ['', '```', ...examples.map((line) => `farebox ${line}`), '```'] : []),
    '',
  ].join('\n');
}

/** docs/cli.md */
export function pageOfCommands(): string {
  const common = Object.entries(COMMON_OPTIONS).map(([name, option]: [string, Option]) =>
    row(optionWords(name, option), option.what),
  );
  return `${HEAD}
Every command has these options:

| | |
| --- | --- |
${common.join('\n')}

${COMMANDS.map(section).join('\n')}`;
}
