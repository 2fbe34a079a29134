import { type Command, command } from '../command.js';
import { helpOf, helpOfAll, helpOfGroup } from '../help.js';
import { UsageError } from '../usage-error.js';

export const help = (commands: () => readonly Command[]): Command =>
  command({
    name: 'help',
    summary: 'What there is, or how one command works.',
    arguments: [
      { name: 'command', what: 'Which; without it all of them.', optional: true },
      { name: 'more', what: 'Its second word.', optional: true },
    ],
    isLocal: true,
    run: async ({ input, terminal }) => {
      const words = [input.optional('command'), input.optional('more')].filter(Boolean).join(' ');
      const found = commands().filter(
        ({ name }) => words === '' || name === words || name.startsWith(`${words} `),
      );
      const [only] = found;
      if (words !== '' && !only) throw new UsageError(`There is no command “${words}”.`);
      const text =
        found.length === 1 && only
          ? helpOf(only, terminal.paint)
          : words === ''
            ? helpOfAll(found, terminal.paint)
            : helpOfGroup(found, terminal.paint);
      terminal.print(text);
    },
  });
